// The public list of `spanscope`: explicit names and nothing else. Held by a test.
export * from './core.ts';
export { FlameGraph, type FlameGraphProps } from './react/FlameGraph.tsx';
export { SpanDetails, type SpanDetailsProps } from './react/SpanDetails.tsx';
export { SpanTree, type SpanTreeProps } from './react/SpanTree.tsx';
export { TimeAxis, type TimeAxisProps } from './react/TimeAxis.tsx';
export {
  TraceProvider,
  type TraceProviderProps,
  type TraceSourceProps,
  type TraceViewStateProps,
} from './react/TraceProvider.tsx';
export type { TraceViewName } from './react/TraceToolbar.tsx';
export { TraceView, type TraceViewProps } from './react/TraceView.tsx';
export type { TraceViewInput } from './react/traceSource.ts';
export { type TraceViewState, useTraceView } from './react/useTraceView.ts';
export type { ChangeDetails, ChangeReason, TimeRangeChangeDetails } from './react/viewport.ts';
export { Waterfall, type WaterfallProps } from './react/Waterfall.tsx';
