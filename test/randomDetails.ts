import { createRandom, type Random } from '../samples/random.ts';
import {
  type Attributes,
  type AttributeValue,
  type SpanDetails,
  type SpanLink,
  setAttribute,
} from '../src/model/details.ts';
import type { Trace } from '../src/model/trace.ts';
import { TraceBuilder } from '../src/model/traceBuilder.ts';
import { randomRecords } from './randomTrace.ts';

/** A trace of the seed, its spans broken in every way and full of details that no exporter would write. */
export function randomDetailedTrace(seed: number, extraKeys: readonly string[] = []): Trace {
  const records = randomRecords(seed, { spans: 25 });
  const builder = new TraceBuilder('random');
  for (const record of records) builder.add(record);
  const random = createRandom(seed + 1_000_000);
  const keys = [...hostileKeys, ...extraKeys];
  const details = records.map(() =>
    randomDetails(
      random,
      keys,
      records.map(({ spanId }) => spanId),
    ),
  );
  return builder.build({ read: (row) => details[row]! });
}

const hostileKeys = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'a',
  'b',
  'error',
  'event',
  'service.name',
  'status_description',
  'message',
];

const hostileTexts = [
  '',
  'plain',
  'true',
  'exception',
  '0',
  "{'a': 1}",
  "['b']",
  '[]',
  '{"json": [1, 2]}',
  "it's",
  'say "no"',
  'both \' and "',
  'line\nbreak\\',
  '\u0000\u200b\ud800',
  '🙂 é',
  'web',
  'AAAw',
  '9007199254740993',
];

function randomDetails(random: Random, keys: readonly string[], spanIds: readonly string[]): SpanDetails {
  const some = <T>(make: () => T): T[] => Array.from({ length: random.chance(0.5) ? 0 : random.int(1, 3) }, make);
  return {
    statusMessage: random.chance(0.5) ? undefined : random.pick(['plain', "{'a': 1}"]),
    attributes: randomAttributes(random, keys),
    events: some(() => ({
      name: random.pick(['exception', 'log', 'retry', '']),
      timeUnixNano: random.chance(0.2)
        ? undefined
        : random.pick([1_700_000_000_000_000_000n, 1_700_000_000_000_000_123n, -1n, 10n ** 22n + 1000n]),
      attributes: randomAttributes(random, keys),
    })),
    links: some(() => randomLink(random, keys, spanIds)),
    resource: random.chance(0.5) ? {} : randomAttributes(random, keys),
    scope: random.chance(0.6)
      ? undefined
      : {
          name: random.pick(['scope', '']),
          ...(random.chance(0.5) ? {} : { version: '1' }),
          ...(random.chance(0.5) ? {} : { attributes: randomAttributes(random, keys) }),
        },
  };
}

function randomLink(random: Random, keys: readonly string[], spanIds: readonly string[]): SpanLink {
  const refType = random.chance(0.3) ? undefined : random.pick(['CHILD_OF', 'FOLLOWS_FROM'] as const);
  return {
    traceId: random.pick(['random', 'another', '']),
    spanId: random.pick([...spanIds, '', '0000000000000000']),
    attributes: random.chance(0.7) ? {} : randomAttributes(random, keys),
    ...(random.chance(0.8) ? {} : { traceState: 'a=b' }),
    ...(refType && { refType }),
  };
}

function randomAttributes(random: Random, keys: readonly string[]): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (let count = random.int(0, 4); count > 0; count--) {
    setAttribute(attributes, random.pick(keys), randomValue(random, keys, 0));
  }
  return attributes;
}

function randomValue(random: Random, keys: readonly string[], depth: number): AttributeValue {
  if (depth < 4 && random.chance(0.15)) {
    return Array.from({ length: random.int(0, 3) }, () => randomValue(random, keys, depth + 1));
  }
  if (depth < 4 && random.chance(0.15)) {
    const map: Record<string, AttributeValue> = {};
    for (let count = random.int(0, 3); count > 0; count--) {
      setAttribute(map, random.pick(keys), randomValue(random, keys, depth + 1));
    }
    return map;
  }
  return random.pick<() => AttributeValue>([
    () => random.pick(hostileTexts),
    () => random.pick(hostileTexts),
    () => random.pick([true, false, null]),
    () => random.pick([0, -0, 1, -1.5, 1e21, 1e-7, 2 ** 53, 0.1 + 0.2, NaN, Infinity, -Infinity, random.unit()]),
    () => random.pick([2n ** 63n, -(2n ** 60n) - 1n]),
    () => new Uint8Array(Array.from({ length: random.int(0, 5) }, () => random.int(0, 255))),
  ])();
}
