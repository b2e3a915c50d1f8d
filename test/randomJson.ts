import type { Random } from '../samples/index.ts';

/** JSON text of a random object or array, with the spaces, escapes, repeated and odd keys that a writer may choose. */
export function randomJson(random: Random): string {
  return container(random, 4);
}

function container(random: Random, depth: number): string {
  const isArray = random.chance(0.5);
  const items = Array.from({ length: random.int(0, 6) }, () => {
    const value = random.chance(0.5) && depth > 0 ? container(random, depth - 1) : scalar(random);
    return isArray ? value : `${text(random)}${space(random)}:${space(random)}${value}`;
  });
  const inner = items.map((item) => `${space(random)}${item}${space(random)}`).join(',');
  return isArray ? `[${inner}${space(random)}]` : `{${inner}${space(random)}}`;
}

function scalar(random: Random): string {
  return random.chance(0.5)
    ? text(random)
    : random.pick(['0', '-1', '1.5e3', '12345678901234567890', 'true', 'false', 'null']);
}

function text(random: Random): string {
  return random.pick([
    ...[
      '"a"',
      '"b"',
      '"id"',
      '""',
      '"__proto__"',
      '"1"',
      '"ä€𝄞"',
      '"\\""',
      '"\\\\"',
      '"[{,:"',
      '"}]"',
      '"\\ud834"',
      '"\\n"',
    ],
  ]);
}

function space(random: Random): string {
  return random.chance(0.8) ? '' : random.pick([' ', '\n', '\t', '\r\n']);
}
