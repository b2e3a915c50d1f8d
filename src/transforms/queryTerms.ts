import {
  type AttributeOperator,
  colonFields,
  isTimeField,
  type NumberField,
  type NumberOperator,
  type Query,
  queryKinds,
  queryStatuses,
  quoted,
  type SpanState,
  spanStates,
} from './query.ts';
import type { QueryText, TermToken } from './queryTokens.ts';
import { parseDecimal, parseTime, unitNames } from './queryUnits.ts';

/** Something in a query's text that a person should mend (`error`) or may not have meant (`hint`). */
export interface QueryProblem {
  readonly severity: 'error' | 'hint';
  /** What to underline, in UTF-16 units: at least one, and not beyond the text unless the text is too short for one. */
  readonly from: number;
  readonly to: number;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export type ReportProblem = (
  severity: QueryProblem['severity'],
  at: { from: number; to: number },
  message: string,
) => void;

const never: ReadonlySet<string> = new Set(['!=', '~', '<', '<=', '>', '>=']);

/** The term that a token stands for. Undefined where it stands for none, which has been reported then. */
export function queryTerm(token: TermToken, report: ReportProblem): Query | undefined {
  const { key, operator, value } = token;
  if (token.isUnclosed) {
    report('error', value?.isQuoted ? value : (key ?? token), 'This quote has no end: add a " after the phrase.');
    return undefined;
  }
  if (operator === undefined) return textTerm(key!, report);
  if (!key || (key.text === '' && !key.isQuoted)) {
    report(
      'error',
      token,
      `An attribute must stand before ${operator}, as in llm.model${operator}${operator.includes('<') || operator.includes('>') ? '5' : 'gpt-4'}. To search for the text itself, put it in quotes.`,
    );
    return undefined;
  }
  const field = key.isQuoted ? '' : key.text.toLowerCase();
  if (!value) {
    const example = examples[field] ?? 'gpt-4';
    report('error', token, `A value must follow ${key.text}${operator}, as in ${key.text}${operator}${example}.`);
    return undefined;
  }
  if (colonFields.has(field)) return fieldTerm(field, operator, value, token, report);
  if (/[<>]/.test(operator) && parseDecimal(value.text) === undefined) {
    report(
      'error',
      value,
      `${operator} compares numbers, and ${quoted(value.text)} is none. Write a number without a unit, or = to compare text.`,
    );
    return undefined;
  }
  return { type: 'attribute', key: key.text, operator: operator as AttributeOperator, value: value.text };
}

const examples: Readonly<Record<string, string>> = {
  name: 'llm_call',
  service: 'web',
  id: '00f067aa0ba902b7',
  kind: 'llm',
  status: 'error',
  has: 'tool.name',
  is: 'open',
  duration: '100ms',
  self: '100ms',
  start: '2s',
  end: '2s',
  depth: '3',
  children: '10',
  descendants: '100',
};

function textTerm(key: QueryText, report: ReportProblem): Query | undefined {
  const { text } = key;
  if (text === '') {
    report('error', key, 'This phrase is empty: write between the quotes what to search for.');
    return undefined;
  }
  const colon = key.isQuoted ? -1 : text.indexOf(':');
  if (colon > 0) {
    const before = text.slice(0, colon);
    const meant = [...colonFields].find((field) => isNear(before.toLowerCase(), field));
    const after = text.slice(colon + 1);
    if (meant) {
      report('hint', key, `${before}: is no field, so this is searched as text. Did you mean ${meant}:${after}?`);
    } else if (before.includes('.') && /^[\w.-]+$/.test(before) && after !== '') {
      report('hint', key, `This is searched as text. To compare an attribute, write ${before}=${after}.`);
    }
  }
  return { type: 'text', text };
}

function fieldTerm(
  field: string,
  operator: string,
  value: QueryText,
  token: TermToken,
  report: ReportProblem,
): Query | undefined {
  switch (field) {
    case 'name':
    case 'service':
    case 'id':
      if (/[<>]/.test(operator)) return refuse(`${field} is text: compare it with :, = or !=.`, token, report);
      if (operator === '!=') return { type: 'not', term: { type: field, operator: '=', value: value.text } };
      if (operator !== '=' && value.text === '') {
        return refuse(`An empty text is in every ${field}: write what to look for.`, token, report);
      }
      return { type: field, operator: operator === '=' ? '=' : ':', value: value.text };
    case 'kind':
      return oneOf(field, operator, value, queryKinds, (kind) => ({ type: 'kind', value: kind }), report);
    case 'status':
      return oneOf(field, operator, value, queryStatuses, (status) => ({ type: 'status', value: status }), report);
    case 'is':
      return oneOf<SpanState>(field, operator, value, spanStates, (state) => ({ type: 'is', state }), report);
    case 'has':
      if (operator !== ':' && operator !== '=') {
        return refuse(`has asks whether there is an attribute: write has:${value.text}.`, token, report);
      }
      return { type: 'has', key: value.text };
    default:
      return numberTerm(field as NumberField, operator, value, token, report);
  }
}

function oneOf<T extends string>(
  field: string,
  operator: string,
  value: QueryText,
  values: readonly T[],
  term: (value: T) => Query,
  report: ReportProblem,
): Query | undefined {
  if (never.has(operator) && operator !== '!=') {
    return refuse(`${field} is one of a few words: write ${field}:${values[0]}.`, value, report);
  }
  const wanted = value.text.toLowerCase();
  const found = values.find((each) => each === wanted);
  if (found !== undefined) return operator === '!=' ? { type: 'not', term: term(found) } : term(found);
  const near = values.find((each) => isNear(wanted, each));
  const mend = near ? `Did you mean ${field}:${near}?` : `It can be ${values.join(', ')}.`;
  return refuse(`There is no ${field}:${shortened(value.text)}. ${mend}`, value, report);
}

function numberTerm(
  field: NumberField,
  outerOperator: string,
  value: QueryText,
  token: TermToken,
  report: ReportProblem,
): Query | undefined {
  // `duration:>100ms`, as other query languages have it.
  const inner = outerOperator === ':' && !value.isQuoted ? (/^(?:!=|[<>]=?|=)/.exec(value.text)?.[0] ?? '') : '';
  const text = value.text.slice(inner.length);
  const operator = inner || (outerOperator === ':' ? '=' : outerOperator);
  if (operator === '~') return refuse(`${field} is a number: compare it with >, >=, <, <=, = or !=.`, token, report);
  const isTime = isTimeField(field);
  const number = isTime ? parseTime(text) : parseDecimal(text);
  if (number === 'no-unit') {
    return refuse(`A time needs a unit: ${field}${operator}${text}ms, or one of ${unitNames}.`, value, report);
  }
  if (number === undefined) {
    return isTime
      ? refuse(
          `${quoted(shortened(text))} is no time: write a number and a unit, as in ${field}${operator}100ms. Units are ${unitNames}.`,
          value,
          report,
        )
      : refuse(
          `${quoted(shortened(text))} is no number: ${field} counts, as in ${field}${operator}${examples[field]}.`,
          value,
          report,
        );
  }
  return { type: 'number', field, operator: operator as NumberOperator, value: number };
}

function refuse(message: string, at: { from: number; to: number }, report: ReportProblem): undefined {
  report('error', at, message);
  return undefined;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Whether two different words are one slip apart: a letter wrong, missing, too many, or two in the wrong order. */
function isNear(word: string, other: string): boolean {
  if (word === other || Math.abs(word.length - other.length) > 1 || other.length < 3) return false;
  let start = 0;
  while (start < word.length && word[start] === other[start]) start++;
  let end = 0;
  while (
    end < Math.min(word.length, other.length) - start &&
    word[word.length - 1 - end] === other[other.length - 1 - end]
  ) {
    end++;
  }
  const [wrong, right] = [word.slice(start, word.length - end), other.slice(start, other.length - end)];
  return (wrong.length <= 1 && right.length <= 1) || (wrong.length === 2 && wrong === [...right].reverse().join(''));
}
