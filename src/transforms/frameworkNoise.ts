import { type SpanIndex, statusCode } from '../model/columns.ts';
import { countBits, type SpanBits, setBit } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentKind, agentKind } from './agentKind.ts';

/** Spans by which a framework tells of its own plumbing, and nothing of what the agent did. */
export interface FrameworkNoise {
  readonly spans: SpanBits;
  readonly count: number;
}

interface NoiseRule {
  /** Of the whole span's name. */
  readonly name: RegExp;
  /** Only where the span's instrumentation scope begins so. */
  readonly scope?: string;
}

/** Whole names that a framework gives to its own parts, never one that a person would give to a step. */
const rules: readonly NoiseRule[] = [
  // LangChain and LangGraph, by their own tracer, OpenInference and OpenLLMetry (which adds a suffix).
  {
    name: /^(Runnable(Sequence|Lambda|Parallel|Passthrough|Assign|Map|Branch|Each|WithFallbacks)(<.*>)?|Channel(Write|Read)(<.*>)?|__start__|__end__|_write|_route|LangGraphUpdateState)(\.(task|workflow))?$/s,
  },
  // AutoGen's runtime passes each message on by three spans.
  { name: /^autogen (create|process|publish|send|ack) /s },
  // Google's ADK.
  { name: /^send_data$/, scope: 'gcp.vertex.agent' },
  // Pydantic AI wraps tools that run side by side.
  { name: /^running \d+ tools?$/, scope: 'pydantic-ai' },
  // A span for each chunk that a server's framework passes on (OpenTelemetry's instrumentation of ASGI).
  { name: /^.* http (send|receive)$/s, scope: 'opentelemetry.instrumentation.asgi' },
  { name: /^.* http (send|receive)$/s, scope: 'opentelemetry.instrumentation.fastapi' },
];

/** What an agent did is never noise, whatever it is called. */
const doings: ReadonlySet<AgentKind> = new Set([
  ...(['agent', 'llm', 'tool', 'retriever', 'embedding', 'reranker', 'memory', 'decision', 'guardrail'] as const),
]);

/**
 * The plumbing of known frameworks: for a view that leaves it out and says how many that are. A root, a span that failed,
 * and what an agent did are never among it. Attributes are read of spans with a telling name alone.
 */
export function frameworkNoise(trace: Trace): FrameworkNoise {
  const { name, names, parent, status } = trace.columns;
  const spans: SpanBits = new Uint32Array(Math.ceil(trace.spanCount / 32));
  const mayBe = names.map((each) => rules.some((rule) => rule.name.test(each)));
  if (!mayBe.includes(true)) return { spans, count: 0 };
  for (let index = 0; index < trace.spanCount; index++) {
    if (!mayBe[name[index]!] || parent[index]! < 0 || status[index] === statusCode.error) continue;
    if (isNoise(trace, index)) setBit(spans, index, true);
  }
  return { spans, count: countBits(spans) };
}

function isNoise(trace: Trace, index: SpanIndex): boolean {
  const span = trace.spanAt(index);
  const scope = span.scope?.name ?? '';
  const isTold = rules.some(
    (rule) => rule.name.test(span.name) && (rule.scope === undefined || scope.startsWith(rule.scope)),
  );
  return isTold && !doings.has(agentKind(span));
}
