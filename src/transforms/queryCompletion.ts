import { spanStatuses } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { countFields, printKey, queryKinds, quoted, spanStates, timeFields } from './query.ts';
import { textOfValue } from './queryDetails.ts';
import { queryTokens, type TermToken } from './queryTokens.ts';

/** What a trace offers to choose from, for a search box. */
export interface QueryVocabulary {
  readonly names: readonly string[];
  readonly services: readonly string[];
  /** Attribute keys with some of their values, by key. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

export interface QueryCompletion {
  /** What to put in place of [from, to). */
  readonly text: string;
  /** What to call it in a list. */
  readonly label: string;
  readonly kind: 'field' | 'attribute' | 'value';
}

export interface QueryCompletions {
  readonly from: number;
  readonly to: number;
  /** At most 50, those that begin with what is typed before those that hold it. */
  readonly options: readonly QueryCompletion[];
}

const sampledSpans = 300;
const mostValues = 30;
const mostKeys = 2_000;
const mostNames = 5_000;
const longestValue = 80;
const mostOptions = 50;

const vocabularies = new WeakMap<Trace, QueryVocabulary>();

/**
 * The names and services of a trace, and the attributes of 300 of its spans, evenly spread: a bounded look, since a search
 * box cannot wait for all to be read. Kept as long as the trace.
 */
export function queryVocabulary(trace: Trace): QueryVocabulary {
  let vocabulary = vocabularies.get(trace);
  if (!vocabulary) {
    vocabulary = {
      names: trace.columns.names.slice(0, mostNames),
      services: trace.serviceNames,
      attributes: sampledAttributes(trace),
    };
    vocabularies.set(trace, vocabulary);
  }
  return vocabulary;
}

function sampledAttributes(trace: Trace): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const step = Math.max(1, trace.spanCount / sampledSpans);
  for (let at = 0; at < trace.spanCount; at += step) {
    const { attributes, resource, events } = trace.detailsAt(Math.floor(at));
    for (const place of [attributes, resource, ...events.map((event) => event.attributes)]) {
      for (const key of Object.keys(place)) {
        let values = found.get(key);
        if (!values && found.size < mostKeys) {
          values = new Set();
          found.set(key, values);
        }
        const text = textOfValue(place[key]!);
        if (values && text !== undefined && text.length <= longestValue && values.size < mostValues) values.add(text);
      }
    }
  }
  return new Map(
    Array.from(found)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, values]) => [key, [...values].sort()]),
  );
}

/** Fields with what is written after them. */
const fieldStarts: readonly string[] = [
  ...['status:', 'is:', 'kind:', 'service:', 'name:', 'has:', 'id:'],
  ...timeFields.map((field) => `${field}>`),
  ...countFields.map((field) => `${field}>`),
];

const times = ['1ms', '10ms', '100ms', '1s', '10s', '1m'];

/**
 * What could stand at the cursor of a search box: fields and attributes where a term begins, values behind an operator.
 *
 * @param cursor in UTF-16 units
 */
export function queryCompletions(text: string, cursor: number, vocabulary?: QueryVocabulary): QueryCompletions {
  const token = queryTokens(text.slice(0, cursor)).at(-1);
  if (token?.type !== 'term' || (token.to < cursor && !(token.operator && !token.value))) {
    return { from: cursor, to: cursor, options: starting('', vocabulary) };
  }
  if (token.operator === undefined) {
    const typed = token.key!;
    return { from: typed.from, to: cursor, options: typed.isQuoted ? [] : starting(typed.text, vocabulary) };
  }
  const from = token.value?.from ?? cursor;
  return { from, to: cursor, options: values(token, token.value?.text ?? '', vocabulary) };
}

function starting(typed: string, vocabulary: QueryVocabulary | undefined): QueryCompletion[] {
  const fields = ranked(fieldStarts, typed).map((text): QueryCompletion => ({ text, label: text, kind: 'field' }));
  const keys = ranked([...(vocabulary?.attributes.keys() ?? [])], typed).map(
    (key): QueryCompletion => ({ text: `${printKey(key)}=`, label: key, kind: 'attribute' }),
  );
  return [...fields, ...keys].slice(0, mostOptions);
}

function values(
  { key, operator }: TermToken,
  typed: string,
  vocabulary: QueryVocabulary | undefined,
): QueryCompletion[] {
  const field = key && !key.isQuoted ? key.text.toLowerCase() : '';
  return ranked(valuesOf(field, key?.text ?? '', operator!, vocabulary), typed)
    .slice(0, mostOptions)
    .map((value): QueryCompletion => ({ text: asValue(value), label: value, kind: 'value' }));
}

function valuesOf(
  field: string,
  key: string,
  operator: string,
  vocabulary: QueryVocabulary | undefined,
): readonly string[] {
  switch (field) {
    case 'status':
      return spanStatuses;
    case 'is':
      return spanStates;
    case 'kind':
      return queryKinds;
    case 'service':
      return vocabulary?.services ?? [];
    case 'name':
      return vocabulary?.names ?? [];
    case 'has':
      return [...(vocabulary?.attributes.keys() ?? [])];
    default:
      if ((timeFields as readonly string[]).includes(field)) return operator === '~' ? [] : times;
      return vocabulary?.attributes.get(key) ?? [];
  }
}

/** Those that begin with what is typed, then those that hold it, each in their order; case aside. */
function ranked(words: readonly string[], typed: string): string[] {
  const folded = typed.toLowerCase();
  const holding = words.filter((word) => word.toLowerCase().includes(folded));
  const begins = (word: string) => word.toLowerCase().startsWith(folded);
  return [...holding.filter(begins), ...holding.filter((word) => !begins(word))];
}

function asValue(value: string): string {
  return value !== '' && !/[\s()"\\]/.test(value) && !/^(?:AND|OR|NOT)$/.test(value) ? value : quoted(value);
}
