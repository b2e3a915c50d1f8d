import type { Random } from '../samples/random.ts';

/** JSON values that stand in the wrong place somewhere. */
const junk: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, 1.5, -3, 1e21, 1.7e18, 2 ** 60, '', '0', 'text', '0000000000000000', 'ERROR'],
  ...['ABCDEF0123456789', 'abcdef0123456789', '0xabcdef0123456789', 'q83vASNFZ4k=', 'é', '\u{1f600}', 'a b'],
  ...[[], [null], [[]], {}, { key: 'error', value: true }, { key: 'span.kind', value: 'client' }, [{}], [1, 'a']],
];

/** A copy in which parts are replaced, left out, come twice, or stand elsewhere, with the given odds each. */
export function soiledJson(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return random.pick(junk);
  if (Array.isArray(value)) {
    const items = value.map((item) => soiledJson(item, random, odds));
    if (items.length > 0 && random.chance(odds)) items.splice(random.int(0, items.length - 1), 1);
    if (items.length > 0 && random.chance(odds)) items.push(random.pick(items));
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, soiledJson(item, random, odds)] as const);
  if (entries.length > 0 && random.chance(odds)) entries.splice(random.int(0, entries.length - 1), 1);
  return Object.fromEntries(entries);
}

export interface Spelling {
  space: number;
  escape: number;
  reorder: number;
  repeat: number;
}

/** JSON of a value as no writer would write it: white space, escapes, keys in any order and some of them twice. */
export function oddlyWritten(value: unknown, random: Random, odds: Spelling): string {
  const space = () => (random.chance(odds.space) ? random.pick([' ', '\n', '\t', '\r\n', '  ']) : '');
  if (typeof value === 'string') return writtenString(value, random, odds.escape);
  if (typeof value === 'number') return writtenNumber(value, random, odds.escape);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = (item: unknown) => `${space()}${oddlyWritten(item, random, odds)}${space()}`;
  if (Array.isArray(value)) return `[${space()}${value.map(inner).join(',')}]`;
  const members = Object.entries(value).map(([key, item]) => [key, item] as const);
  if (members.length > 1 && random.chance(odds.reorder)) {
    const [moved] = members.splice(random.int(0, members.length - 1), 1);
    members.splice(random.int(0, members.length), 0, moved!);
  }
  if (members.length > 0 && random.chance(odds.repeat)) {
    const [key, item] = random.pick(members);
    members.splice(random.int(0, members.length), 0, [key, random.chance(0.5) ? item : random.pick(junk)]);
  }
  const texts = members.map(
    ([key, item]) => `${space()}${writtenString(key, random, odds.escape)}${space()}:${inner(item)}`,
  );
  return `{${space()}${texts.join(',')}}`;
}

function writtenString(text: string, random: Random, odds: number): string {
  const plain = JSON.stringify(text);
  if (!random.chance(odds)) return plain;
  if (random.chance(0.1)) return `${plain.slice(0, -1)}\\ud800"`;
  const escaped = Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (code > 0xffff || !random.chance(0.3)) return JSON.stringify(character).slice(1, -1);
    const hex = code.toString(16).padStart(4, '0');
    return `\\u${random.chance(0.5) ? hex : hex.toUpperCase()}`;
  });
  return `"${escaped.join('')}"`;
}

function writtenNumber(value: number, random: Random, odds: number): string {
  if (!random.chance(odds)) return JSON.stringify(value);
  return random.pick([
    `${value}.0`,
    `${value}e0`,
    `${value}E+0`,
    '123456789012345678901234567890',
    '-0',
    '1e400',
    '0.5',
  ]);
}

/** Bytes that were cut, changed, left out or copied somewhere. */
export function damagedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.int(0, bytes.length - 1);
  const length = random.int(1, Math.min(40, bytes.length - at));
  switch (random.int(0, 4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const changed = bytes.slice();
      changed[at] = random.chance(0.5) ? random.int(0, 255) : changed[at]! ^ (1 << random.int(0, 7));
      return changed;
    }
    case 2:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 3:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    default: {
      const inserted = random.pick([
        '\xef\xbb\xbf',
        '\xff',
        '\xe2\x82',
        '\xed\xa0\x80',
        '\0',
        ',',
        '"',
        '\\',
        '}',
        ' ',
        '\n',
      ]);
      const part = Uint8Array.from(inserted, (character) => character.charCodeAt(0));
      return joined(bytes.subarray(0, at), part, bytes.subarray(at));
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
