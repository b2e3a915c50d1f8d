import { type AgentSpan, type Attributes, agentSpan, parseTraces } from '../src/core.ts';

export interface SpanText {
  name?: string;
  attributes?: Record<string, unknown>;
  events?: { name: string; attributes?: Record<string, unknown>; timestamp?: string }[];
  scope?: string;
  status?: string;
  statusMessage?: string;
}

/** A span of 2 s as the plain format has it, with what it means. */
export function meaningOf({
  name = 'work',
  attributes = {},
  events = [],
  scope,
  status,
  statusMessage,
}: SpanText): AgentSpan {
  const span = {
    span_id: 'a',
    name,
    start_time: '2026-01-01T00:00:00.000Z',
    end_time: '2026-01-01T00:00:02.000Z',
    attributes: attributes as Attributes,
    events,
    ...(scope === undefined ? {} : { scope: { name: scope } }),
    ...(status === undefined ? {} : { status }),
    ...(statusMessage === undefined ? {} : { status_message: statusMessage }),
  };
  return agentSpan(parseTraces({ trace_id: 't', spans: [span] }).traces[0]!.spanAt(0));
}

const names = [
  ...([
    'kind',
    'label',
    'framework',
    'agentName',
    'model',
    'requestModel',
    'responseModel',
    'provider',
    'usage',
    'cost',
  ] as const),
  ...([
    'parameters',
    'timeToFirstToken',
    'tokensPerSecond',
    'session',
    'user',
    'tags',
    'finishReason',
    'softFailure',
    'input',
  ] as const),
  ...([
    'output',
    'contentReference',
    'tool',
    'toolDefinitions',
    'query',
    'dataSource',
    'documents',
    'documentsBefore',
    'embeddings',
  ] as const),
  ...(['memory', 'decision', 'evaluations'] as const),
];

/** Asks for every fact, and gives their names. */
export function askAll(span: AgentSpan): string[] {
  return names.filter((name) => span[name] !== undefined);
}

/** All that is known of a span: what is undefined or empty is left out, within facts too. */
export function factsOf(span: AgentSpan): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [name, withoutUndefined(span[name])]).filter(([, value]) => !isEmpty(value)),
  ) as Record<string, unknown>;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, withoutUndefined(inner)]),
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
