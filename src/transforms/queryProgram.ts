import { type SpanIndex, spanKinds, spanStatuses, statusCode } from '../model/columns.ts';
import type { SpanDetails } from '../model/details.ts';
import { issueBit, type SpanIssue } from '../model/issues.ts';
import { hasBit, spanBits } from '../model/spanBits.ts';
import type { Span, Trace } from '../model/trace.ts';
import { type AgentKind, agentKind, agentKinds } from './agentKind.ts';
import type { NumberField, NumberOperator, Query, QueryTerm, SpanState } from './query.ts';
import { attributeAgrees, attributeMatch, compares, contentHolds, hasAttribute, textHolds } from './queryDetails.ts';
import { childCounts, criticalSpans, slowestSpans, spanSelfTimes } from './searchFacts.ts';

export interface SearchOptions {
  /**
   * Whether words are looked for in what the spans hold as well (attributes, events, messages), which reads every span. If
   * not, they look at names, services and ids, and a million spans take a few milliseconds.
   * @default true
   */
  content?: boolean;
  /**
   * What `is:soft-failure` means: a span without an error of which something says that it failed.
   * @default a tool's `tool.success = false`, MCP's `isError`, `gen_ai.tool.status = error`
   */
  isSoftFailure?: (span: Span) => boolean;
}

/** What columns alone say of a span: `no`, `unknown` until its details are read, or `yes`. Numbers, so that AND is the least and OR the greatest. */
export const no = 0;
export const unknown = 1;
export const yes = 2;

/** A query compiled for one trace. */
export interface QueryProgram {
  /** The verdicts on the spans in [from, to), by columns alone: into `out` from 0 on. At most `rowsAtOnce`. */
  fill(from: SpanIndex, to: SpanIndex, out: Uint8Array): void;
  /** Decides one span, with its details where it takes them. */
  test(index: SpanIndex): boolean;
  /** What `test` costs: 0 for columns, more for details and content. */
  readonly cost: number;
}

export const rowsAtOnce = 16_384;

/** Recursive, but over a query in normal form, which `parseQuery` bounds: it nests at most 2 levels for each parenthesis. */
export function compileQuery(query: Query, trace: Trace, options: SearchOptions): QueryProgram {
  switch (query.type) {
    case 'and':
    case 'or': {
      const terms = query.terms.map((term) => compileQuery(term, trace, options)).sort((a, b) => a.cost - b.cost);
      return combination(query.type === 'and', terms);
    }
    case 'not':
      return negation(compileQuery(query.term, trace, options));
    default:
      return compileTerm(query, trace, options);
  }
}

function combination(isAnd: boolean, terms: readonly QueryProgram[]): QueryProgram {
  const verdicts = new Uint8Array(rowsAtOnce);
  return {
    cost: Math.max(...terms.map(({ cost }) => cost)),
    fill(from, to, out) {
      terms[0]!.fill(from, to, out);
      for (let at = 1; at < terms.length; at++) {
        terms[at]!.fill(from, to, verdicts);
        for (let row = 0; row < to - from; row++) {
          if (isAnd ? verdicts[row]! < out[row]! : verdicts[row]! > out[row]!) out[row] = verdicts[row]!;
        }
      }
    },
    test: (index) => (isAnd ? terms.every((term) => term.test(index)) : terms.some((term) => term.test(index))),
  };
}

function negation(term: QueryProgram): QueryProgram {
  return {
    cost: term.cost,
    fill(from, to, out) {
      term.fill(from, to, out);
      for (let row = 0; row < to - from; row++) out[row] = yes - out[row]!;
    },
    test: (index) => !term.test(index),
  };
}

function compileTerm(term: QueryTerm, trace: Trace, options: SearchOptions): QueryProgram {
  const { columns } = trace;
  switch (term.type) {
    case 'text':
      return textProgram(term.text, trace, options.content ?? true);
    case 'name':
      return lookUp(columns.name, columns.names, textTest(term.operator, term.value));
    case 'service':
      return lookUp(columns.service, columns.serviceNames, textTest(term.operator, term.value));
    case 'id':
      return idProgram(term.operator, term.value, trace);
    case 'status':
      return lookUp(columns.status, spanStatuses, (status) => status === term.value);
    case 'kind': {
      const { value } = term;
      return (spanKinds as readonly string[]).includes(value)
        ? lookUp(columns.kind, spanKinds, (kind) => kind === value)
        : agentKindProgram(value as AgentKind, trace);
    }
    case 'number':
      return byColumns(numberTest(term.field, term.operator, term.value, trace));
    case 'is':
      return stateProgram(term.state, trace, options);
    case 'has':
      return byDetails(trace, 1, term.key, (details) => hasAttribute(details, term.key));
    case 'attribute': {
      const wanted = attributeMatch(term.value);
      const { key, operator } = term;
      return byDetails(trace, 1, key, (details) => attributeAgrees(details, key, operator, wanted));
    }
  }
}

/** Strings repeat: each is tested once, when the first span that has it comes by, and never again. */
function lookUp(
  codes: Uint32Array | Uint8Array,
  strings: readonly string[],
  test: (text: string) => boolean,
): QueryProgram {
  const untested = 3;
  const verdicts = new Uint8Array(strings.length).fill(untested);
  const verdictOf = (code: number): number => {
    verdicts[code] = test(strings[code]!) ? yes : no;
    return verdicts[code]!;
  };
  return {
    cost: 0,
    fill(from, to, out) {
      for (let row = 0; row < to - from; row++) {
        const code = codes[from + row]!;
        const verdict = verdicts[code]!;
        out[row] = verdict === untested ? verdictOf(code) : verdict;
      }
    },
    test(index) {
      const code = codes[index]!;
      return (verdicts[code] === untested ? verdictOf(code) : verdicts[code]) === yes;
    },
  };
}

function byColumns(test: (index: SpanIndex) => boolean): QueryProgram {
  return {
    cost: 0,
    fill(from, to, out) {
      for (let row = 0; row < to - from; row++) out[row] = test(from + row) ? yes : no;
    },
    test,
  };
}

/** Unknown by columns. Details are read only where the source might hold `needle`. */
function byDetails(trace: Trace, cost: number, needle: string, test: (details: SpanDetails) => boolean): QueryProgram {
  return {
    cost,
    fill: (from, to, out) => void out.fill(unknown, 0, to - from),
    test: (index) => trace.mayContain(index, needle) && test(trace.detailsAt(index)),
  };
}

function textTest(operator: ':' | '=', value: string): (text: string) => boolean {
  if (operator === '=') return (text) => text === value;
  const folded = value.toLowerCase();
  return (text) => textHolds(text, folded);
}

function textProgram(text: string, trace: Trace, withContent: boolean): QueryProgram {
  const byName = compileTerm({ type: 'name', operator: ':', value: text }, trace, {});
  const byService = compileTerm({ type: 'service', operator: ':', value: text }, trace, {});
  const byId = compileTerm({ type: 'id', operator: '=', value: text }, trace, {});
  const known = combination(false, [byName, byService, byId]);
  if (!withContent) return known;
  const folded = text.toLowerCase();
  return combination(false, [known, byDetails(trace, 2, text, (details) => contentHolds(details, folded))]);
}

/** `=` is the span of this id or key and all others of the same id. */
function idProgram(operator: ':' | '=', value: string, trace: Trace): QueryProgram {
  if (operator === ':') {
    const folded = value.toLowerCase();
    return byColumns((index) => {
      const span = trace.spanAt(index);
      return textHolds(span.spanId, folded) || textHolds(span.key, folded);
    });
  }
  const found = new Set<SpanIndex>();
  for (const id of new Set([value, value.toLowerCase()])) {
    const first = trace.span(id);
    if (!first) continue;
    found.add(first.index);
    const hasTwins = trace.columns.issues[first.index]! & issueBit['duplicate-id'];
    if (!hasTwins || first.spanId !== id) continue;
    for (const span of trace) if (span.spanId === id) found.add(span.index);
  }
  return byColumns((index) => found.has(index));
}

function numberTest(
  field: NumberField,
  operator: NumberOperator,
  value: number,
  trace: Trace,
): (index: SpanIndex) => boolean {
  const numberOf = numbersOf(field, trace);
  return (index) => {
    const number = numberOf(index);
    // An open span has no duration: nothing is true of it, `!=` neither.
    return !Number.isNaN(number) && compares(number, operator, value);
  };
}

function numbersOf(field: NumberField, trace: Trace): (index: SpanIndex) => number {
  const { start, duration, depth, subtreeEnd } = trace.columns;
  switch (field) {
    case 'start':
      return (index) => start[index]!;
    case 'duration':
      return (index) => duration[index]!;
    case 'end':
      return (index) => start[index]! + duration[index]!;
    case 'depth':
      return (index) => depth[index]!;
    case 'descendants':
      return (index) => subtreeEnd[index]! - index - 1;
    case 'self': {
      const selfTimes = spanSelfTimes(trace);
      return (index) => selfTimes[index]!;
    }
    case 'children': {
      const counts = childCounts(trace);
      return (index) => counts[index]!;
    }
  }
}

function stateProgram(state: SpanState, trace: Trace, options: SearchOptions): QueryProgram {
  const { status, duration, parent, subtreeEnd, issues } = trace.columns;
  switch (state) {
    case 'error':
      return byColumns((index) => status[index] === statusCode.error);
    case 'open':
      return byColumns((index) => Number.isNaN(duration[index]!));
    case 'root':
      return byColumns((index) => parent[index]! < 0);
    case 'leaf':
      return byColumns((index) => subtreeEnd[index] === index + 1);
    case 'critical': {
      const critical = criticalSpans(trace);
      return byColumns((index) => hasBit(critical, index));
    }
    case 'slowest': {
      const slowest = spanBits(trace, slowestSpans(trace));
      return byColumns((index) => hasBit(slowest, index));
    }
    case 'soft-failure': {
      const isSoftFailure = options.isSoftFailure ?? saysThatItFailed;
      return {
        cost: 1,
        fill(from, to, out) {
          for (let row = 0; row < to - from; row++) out[row] = status[from + row] === statusCode.error ? no : unknown;
        },
        test: (index) => status[index] !== statusCode.error && isSoftFailure(trace.spanAt(index)),
      };
    }
    default: {
      const bit = issueBit[state satisfies SpanIssue];
      return byColumns((index) => (issues[index]! & bit) !== 0);
    }
  }
}

function saysThatItFailed({ attributes }: Span): boolean {
  const is = (key: string, value: unknown) => Object.hasOwn(attributes, key) && attributes[key] === value;
  return is('tool.success', false) || is('isError', true) || is('gen_ai.tool.status', 'error');
}

/** The kind of an agent's step takes a span's details: each span's is worked out once for a trace. */
const knownAgentKinds = new WeakMap<Trace, Uint8Array>();

function agentKindProgram(kind: AgentKind, trace: Trace): QueryProgram {
  const unread = 255;
  let kinds = knownAgentKinds.get(trace);
  if (!kinds) {
    kinds = new Uint8Array(trace.spanCount).fill(unread);
    knownAgentKinds.set(trace, kinds);
  }
  const known = kinds;
  const wanted = agentKinds.indexOf(kind);
  return {
    cost: 1,
    fill(from, to, out) {
      for (let row = 0; row < to - from; row++) {
        const found = known[from + row]!;
        out[row] = found === unread ? unknown : found === wanted ? yes : no;
      }
    },
    test(index) {
      if (known[index] === unread) known[index] = agentKinds.indexOf(agentKind(trace.spanAt(index)));
      return known[index] === wanted;
    },
  };
}
