import type { Random } from '../samples/random.ts';
import {
  countFields,
  type NumberField,
  type NumberOperator,
  type Query,
  queryKinds,
  queryStatuses,
  spanStates,
  timeFields,
} from '../src/transforms/query.ts';

/** A query in normal form, of every kind of term, with texts that need every kind of care. */
export function randomQuery(random: Random, depth = 3): Query {
  const shape = depth === 0 ? 'term' : random.pick(['term', 'term', 'and', 'or', 'not'] as const);
  if (shape === 'term') return randomTerm(random);
  if (shape === 'not') {
    const term = randomQuery(random, depth - 1);
    return term.type === 'not' ? term : { type: 'not', term };
  }
  const terms = Array.from({ length: random.int(2, 3) }, () => randomQuery(random, depth - 1)).flatMap((term) =>
    term.type === shape ? (term as { terms: readonly Query[] }).terms : [term],
  );
  return { type: shape, terms };
}

const texts = [
  ...['s1', 's', 'WEB', 'db', 'plain', 'exception', 'c0ffee0000000003', 'span-2', 'and', 'OR', 'NOT', '-x', '-'],
  ...[
    'two words',
    'a(b)',
    '"',
    '\\',
    '\\"',
    'tool:search',
    'name:x',
    'a=b',
    '>5',
    '🙂',
    'é',
    "it's",
    '\n',
    'service.name',
    'AAAw',
  ],
];
const keys = [
  'a',
  'b',
  'error',
  '__proto__',
  'service.name',
  'name',
  'Duration',
  'two words',
  'x"y',
  '',
  '-k',
  'OR',
  'constructor',
];
const numbers = ['0', '1', '-1.5', '1e21', '9007199254740993', '0.30000000000000004'];
const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const satisfies readonly NumberOperator[];

function randomTerm(random: Random): Query {
  return random.pick<() => Query>([
    () => ({ type: 'text', text: random.pick(texts) }),
    () => ({
      type: random.pick(['name', 'service', 'id'] as const),
      operator: random.pick([':', '='] as const),
      value: random.pick(texts),
    }),
    () => ({ type: 'kind', value: random.pick(queryKinds) }),
    () => ({ type: 'status', value: random.pick(queryStatuses) }),
    () => ({ type: 'is', state: random.pick(spanStates) }),
    () => ({ type: 'has', key: random.pick(keys) }),
    () => ({
      type: 'number',
      field: random.pick<NumberField>(timeFields),
      operator: random.pick(comparisons),
      value: random.pick([0, 1, 5, 12.5, 100, 1100, 5e4, 1.5e9, 60e9, 7.2e12, -3, 123_456_789_012]),
    }),
    () => ({
      type: 'number',
      field: random.pick<NumberField>(countFields),
      operator: random.pick(comparisons),
      value: random.pick([0, 1, 2, 3, 10, 0.5, 1e21]),
    }),
    () => ({
      type: 'attribute',
      key: random.pick(keys),
      operator: random.pick(['=', '!=', '~'] as const),
      value: random.pick([...texts, ...numbers, 'true', '']),
    }),
    () => ({
      type: 'attribute',
      key: random.pick(keys),
      operator: random.pick(comparisons),
      value: random.pick(numbers),
    }),
  ])();
}

/** Text as a hand might leave it: pieces of the language and of nothing, in any order. */
export function randomQueryText(random: Random): string {
  const pieces = [
    '(',
    ')',
    '"',
    '\\',
    '-',
    ' ',
    ' ',
    ':',
    '=',
    '!=',
    '~',
    '<',
    '>=',
    'AND',
    'OR',
    'NOT',
    'or',
    'name',
    'name:',
    'service',
    'duration>',
    '100ms',
    '5',
    'is:',
    'orphan',
    'is:orphn',
    'has:',
    'a.b',
    'a.b:c',
    'kind:llm',
    'status:error',
    '\u{1F642}',
    '\ud800',
    '\u0000',
    '\n',
    '__proto__',
    'sevice:x',
  ];
  return Array.from({ length: random.int(0, 25) }, () => random.pick(pieces)).join('');
}
