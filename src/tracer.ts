// The public list of `spanscope/tracer`: explicit names and nothing else. Held by a test.
export {
  createTraceRecorder,
  type DroppedCounts,
  type IngestResult,
  type SettledTraceExporter,
  type TraceRecorder,
  type TraceRecorderOptions,
} from './tracer/traceRecorder.ts';
