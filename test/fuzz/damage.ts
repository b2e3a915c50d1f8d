import type { Random } from '../../samples/random.ts';

/** What happens to files: each takes a text and gives a damaged one. */
const damages: Readonly<Record<string, (text: string, random: Random, other: string) => string>> = {
  truncate: (text, random) => text.slice(0, random.int(1, text.length)),
  'cut off the beginning': (text, random) => text.slice(random.int(0, text.length - 1)),
  flip: (text, random) => {
    const at = random.int(0, text.length - 1);
    return replaced(text, at, 1, String.fromCharCode((text.charCodeAt(at) ^ (1 << random.int(0, 6))) & 0xffff));
  },
  'another character': (text, random) =>
    replaced(text, random.int(0, text.length - 1), 1, random.pick([...'{}[]",:\\ \n0a-.\u0000é'])),
  'delete a character': (text, random) => replaced(text, random.int(0, text.length - 1), 1, ''),
  'delete a piece': (text, random) => replaced(text, ...piece(text, random), ''),
  'duplicate a piece': (text, random) => {
    const [at, length] = piece(text, random);
    return replaced(text, at, 0, text.slice(at, at + length));
  },
  'insert a character': (text, random) =>
    replaced(text, random.int(0, text.length), 0, random.pick([...'{}[]",:\\ \n0a-.\u0000é'])),
  'swap two pieces': (text, random) => {
    const [first, firstLength] = piece(text, random);
    const rest = first + firstLength;
    if (rest >= text.length) return text.slice(first) + text.slice(0, first);
    const second = random.int(rest, text.length - 1);
    const secondLength = random.int(0, Math.min(300, text.length - second));
    return (
      text.slice(0, first) +
      text.slice(second, second + secondLength) +
      text.slice(rest, second) +
      text.slice(first, rest) +
      text.slice(second + secondLength)
    );
  },
  retype: (text, random) => {
    const values = [...text.matchAll(/(?<=:\s*)(?:"(?:[^"\\]|\\.)*"|-?[0-9][0-9.]*|true|false|null)/g)];
    if (values.length === 0) return text;
    const value = random.pick(values);
    return replaced(text, value.index, value[0].length, random.pick(otherValues));
  },
  'retype a bracket': (text, random) => {
    const brackets = [...text.matchAll(/[[\]{}]/g)];
    if (brackets.length === 0) return text;
    return replaced(text, random.pick(brackets).index, 1, random.pick([...'[]{}']));
  },
  splice: (text, random, other) => text.slice(0, random.int(0, text.length)) + other.slice(random.int(0, other.length)),
  'a line into another': (text, random) => {
    const breaks = [...text.matchAll(/\n/g)];
    return breaks.length === 0 ? text : replaced(text, random.pick(breaks).index, 1, random.pick(['', ' ', 'x', ',']));
  },
};

const otherValues = [
  ...['null', 'true', '0', '-1', '1e400', '12345678901234567890', '""', '"x"', '[]', '{}', '[null]', '[[]]'],
  ...['{"a":{}}', '"2026-02-31T00:00:00"', 'NaN', '"\\ud800"', '{"__proto__":{"polluted":true}}', '-0.0'],
];

export const damageNames: readonly string[] = Object.keys(damages);

function replaced(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length);
}

/** Where a piece begins and how long it is: mostly short. */
function piece(text: string, random: Random): [at: number, length: number] {
  const at = random.int(0, text.length - 1);
  const most = random.pick([3, 30, 300, 3000]);
  return [at, random.int(1, Math.min(most, text.length - at))];
}

/** One to four damages, one after another. `other` is a file to splice with. */
export function damaged(text: string, random: Random, other: string): { text: string; damages: string[] } {
  const names: string[] = [];
  let result = text;
  const count = random.pick([1, 1, 1, 2, 2, 3, 4]);
  for (let at = 0; at < count && result.length > 0; at++) {
    const name = random.pick(damageNames);
    names.push(name);
    result = damages[name]!(result, random, other);
  }
  return { text: result, damages: names };
}

/** A parsed file in which some parts are of another type, gone, or there twice. */
export function soiledValue(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return JSON.parse(random.pick(otherValues.filter((text) => text !== 'NaN')));
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => {
      if (random.chance(odds)) return [];
      const soiled = soiledValue(item, random, odds);
      return random.chance(odds) ? [soiled, soiled] : [soiled];
    });
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(() => !random.chance(odds / 2));
  return Object.fromEntries(
    entries.map(([key, item]) => [random.chance(odds / 4) ? `${key}x` : key, soiledValue(item, random, odds)]),
  );
}
