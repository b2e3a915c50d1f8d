// The public list of `spanscope/tracer`: explicit names and nothing else. Held by a test.
export type {
  AgentRunOptions,
  AgentRunResult,
  DecisionOptions,
  DecisionResult,
  LlmCallOptions,
  LlmCallResult,
  MemoryOperationOptions,
  MemoryOperationResult,
  ToolCallOptions,
  ToolCallResult,
} from './tracer/agentCalls.ts';
export {
  type AgentCalls,
  type AgentScope,
  type AgentTracer,
  type AgentTracerOptions,
  createAgentTracer,
} from './tracer/agentTracer.ts';
export { type SpanScope, type TraceSpanOptions, traceSpan } from './tracer/spanScope.ts';
export { type TracedMethod, type TracedOptions, traced } from './tracer/traced.ts';
export {
  createTraceRecorder,
  type IngestResult,
  type RecordedCounts,
  type SettledTraceExporter,
  type TraceRecorder,
  type TraceRecorderOptions,
} from './tracer/traceRecorder.ts';
