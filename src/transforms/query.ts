import { type SpanKind, type SpanStatus, spanKinds, spanStatuses } from '../model/columns.ts';
import { type SpanIssue, spanIssues } from '../model/issues.ts';
import { type AgentKind, agentKinds } from './agentKind.ts';
import { printTime } from './queryUnits.ts';

/**
 * A question about spans, as `parseQuery` makes it of what a person typed.
 *
 * ```
 * status:error -(service:db OR llm.model~gpt)      { and: [ status error, { not: { or: [ service db, llm.model ~ gpt ] } } ] }
 * ```
 *
 * In normal form no `and` lies directly in an `and`, no `or` in an `or`, no `not` in a `not`, and each `and` and `or`
 * has two terms or more: then `parseQuery(printQuery(query))` gives an equal query back.
 */
export type Query =
  | { readonly type: 'and' | 'or'; readonly terms: readonly Query[] }
  | { readonly type: 'not'; readonly term: Query }
  | QueryTerm;

export type QueryTerm =
  /** Names, services and content hold this text, case aside; or it is the span's id. */
  | { readonly type: 'text'; readonly text: string }
  /** `:` holds the value, case aside; `=` is the value. */
  | { readonly type: 'name' | 'service' | 'id'; readonly operator: ':' | '='; readonly value: string }
  | { readonly type: 'kind'; readonly value: SpanKind | AgentKind }
  | { readonly type: 'status'; readonly value: SpanStatus }
  /** Times in nanoseconds. */
  | {
      readonly type: 'number';
      readonly field: NumberField;
      readonly operator: NumberOperator;
      readonly value: number;
    }
  | { readonly type: 'has'; readonly key: string }
  | { readonly type: 'is'; readonly state: SpanState }
  | {
      readonly type: 'attribute';
      readonly key: string;
      readonly operator: AttributeOperator;
      readonly value: string;
    };

export const timeFields = ['duration', 'self', 'start', 'end'] as const;
export const countFields = ['depth', 'children', 'descendants'] as const;
export type NumberField = (typeof timeFields)[number] | (typeof countFields)[number];
export type NumberOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type AttributeOperator = NumberOperator | '~';

/** What `is:` asks for: these, and all that the model marks. */
export const spanStates = [
  'error',
  'open',
  'root',
  'leaf',
  'critical',
  'slowest',
  'soft-failure',
  ...spanIssues,
] as const;
export type SpanState = 'error' | 'open' | 'root' | 'leaf' | 'critical' | 'slowest' | 'soft-failure' | SpanIssue;

/** What `kind:` takes. */
export const queryKinds: readonly (SpanKind | AgentKind)[] = [...agentKinds, ...spanKinds];
export const queryStatuses: readonly SpanStatus[] = spanStatuses;

/** Words before a colon that are fields. Any other word with a colon is text: `tool:search` is a span's name. */
export const colonFields: ReadonlySet<string> = new Set([
  'name',
  'service',
  'id',
  'kind',
  'status',
  'has',
  'is',
  ...timeFields,
  ...countFields,
]);

/** How deep parentheses may nest. */
export const maxNesting = 50;

/**
 * The query in its canonical spelling: terms by a space, `-` for NOT, `OR` with parentheses only where needed, quotes only
 * where needed, times in the longest unit that they are a whole of.
 */
export function printQuery(query: Query): string {
  switch (query.type) {
    case 'and':
      return query.terms.map((term) => (term.type === 'or' ? `(${printQuery(term)})` : printQuery(term))).join(' ');
    case 'or':
      return query.terms.map(printQuery).join(' OR ');
    case 'not': {
      const { type } = query.term;
      return type === 'and' || type === 'or' ? `-(${printQuery(query.term)})` : `-${printQuery(query.term)}`;
    }
    default:
      return printTerm(query);
  }
}

function printTerm(term: QueryTerm): string {
  switch (term.type) {
    case 'text':
      return printWord(term.text);
    case 'name':
    case 'service':
    case 'id':
      return `${term.type}${term.operator}${printValue(term.value)}`;
    case 'kind':
    case 'status':
      return `${term.type}:${term.value}`;
    case 'number':
      return `${term.field}${term.operator}${isTimeField(term.field) ? printTime(term.value) : term.value}`;
    case 'has':
      return `has:${printValue(term.key)}`;
    case 'is':
      return `is:${term.state}`;
    case 'attribute':
      return `${printKey(term.key)}${term.operator}${printValue(term.value)}`;
  }
}

export function isTimeField(field: NumberField): boolean {
  return (timeFields as readonly string[]).includes(field);
}

export function isKeyword(word: string): boolean {
  return word === 'AND' || word === 'OR' || word === 'NOT';
}

/** Nothing that the tokenizer treats as more than a letter. */
const plain = /^[^\s()"\\:=!~<>-][^\s()"\\:=!~<>]*$/;

function printWord(text: string): string {
  return plain.test(text) && !isKeyword(text) ? text : quoted(text);
}

function printKey(key: string): string {
  return plain.test(key) && !isKeyword(key) && !colonFields.has(key.toLowerCase()) ? key : quoted(key);
}

function printValue(value: string): string {
  return plain.test(value) && !isKeyword(value) ? value : quoted(value);
}

/** A phrase: the text between quotes, with a backslash before quotes and backslashes in it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The words that a view marks in the names it shows: those that a matching span may have in its name, none that is denied. */
export function queryWords(query: Query): readonly string[] {
  switch (query.type) {
    case 'and':
    case 'or':
      return [...new Set(query.terms.flatMap((term) => queryWords(term)))];
    case 'text':
      return [query.text];
    case 'name':
    case 'service':
      return query.value === '' ? [] : [query.value];
    default:
      return [];
  }
}
