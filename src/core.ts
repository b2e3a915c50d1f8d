// The public list of `spanscope/core`: explicit names and nothing else. Held by a test.
export { type ExportFormat, exportWarnings } from './formats/exportWarnings.ts';
export { type JaegerOptions, toJaeger } from './formats/jaeger.ts';
export { toJson } from './formats/json.ts';
export { toOtlp } from './formats/otlp.ts';
export {
  detectFormat,
  type FormatName,
  type ParseOptions,
  type ParseResult,
  parseTraces,
  type TraceInput,
} from './formats/parseTraces.ts';
export { TraceFormatError } from './formats/traceFormatError.ts';
export type { Clock } from './layout/clockTime.ts';
export type { CollapsedSpans } from './layout/collapse.ts';
export {
  collapseAll,
  collapsedDownTo,
  collapsedDownToCriticalPath,
  collapsedDownToErrors,
  collapseOneLevel,
  collapseSubtree,
  expandAll,
  expandedTo,
  expandOneLevel,
  expandSubtree,
} from './layout/collapseLevels.ts';
export { formatDuration } from './layout/duration.ts';
export { type FlameGraphLayout, layoutFlameGraph } from './layout/flameGraph.ts';
export { type FlameTable, type FlameTableOptions, flameTable } from './layout/flameTable.ts';
export type { FlameWeight, UsageTotals } from './layout/flameWeight.ts';
export {
  layoutMergedFlameGraph,
  type MergedFlameGraphLayout,
  type MergedFlameGraphOptions,
} from './layout/mergedFlameGraph.ts';
export { layoutMinimap, type MinimapLayout, type MinimapOptions } from './layout/minimap.ts';
export { type NameRule, repeatedFrame } from './layout/repeatedNames.ts';
export type { GroupRow, GroupRules } from './layout/rowGroups.ts';
export type { ShownTreeOptions } from './layout/shownTree.ts';
export { type CompressionOptions, compressedSegments, segmentsWithin } from './layout/timeCompression.ts';
export type { GapOptions, GapRow } from './layout/timeGaps.ts';
export { createTimeScale, type TimeRange, type TimeScale, type TimeSegment } from './layout/timeScale.ts';
export {
  formatTimeAt,
  scaleTicks,
  type TimeAtOptions,
  type TimeTick,
  type TimeTicksOptions,
  timeTicks,
} from './layout/timeTicks.ts';
export { decodeViewState, encodeViewState, type ViewState } from './layout/viewState.ts';
export type { RowValue } from './layout/visibleRows.ts';
export { layoutWaterfall, type WaterfallLayout, type WaterfallOptions } from './layout/waterfall.ts';
export {
  type SpanIndex,
  type SpanKind,
  type SpanStatus,
  spanKinds,
  spanStatuses,
  type TraceColumns,
} from './model/columns.ts';
export type {
  Attributes,
  AttributeValue,
  DetailSource,
  InstrumentationScope,
  SourceEvent,
  SpanDetails as SourceDetails,
  SpanLink,
} from './model/details.ts';
export { type SpanIssue, spanIssues } from './model/issues.ts';
export type { LiveTraceSource } from './model/liveTrace.ts';
export { hasBit, indexesOfBits, type SpanBits, spanBits } from './model/spanBits.ts';
export {
  isKnown,
  type Nanoseconds,
  type TimePoint,
  timeFromIso,
  timeFromNanoString,
  timeFromNumber,
  toIsoTime,
  unknownTime,
} from './model/time.ts';
export {
  type Completeness,
  isTrace,
  type Span,
  type SpanEvent,
  type SpanList,
  type Trace,
  type TraceTexts,
} from './model/trace.ts';
export { type BuildOptions, type SpanRecord, TraceBuilder } from './model/traceBuilder.ts';
export { type ParseWarning, traceWarnings } from './model/warnings.ts';
export { type ReadOptions, type ReadProgress, readTraces, type TraceSource } from './read/readTraces.ts';
export { comparisonSummary } from './text/comparisonSummary.ts';
export { type ComparisonTextOptions, comparisonText } from './text/comparisonText.ts';
export { type HtmlOptions, toHtml } from './text/html.ts';
export { type MarkdownOptions, toMarkdown } from './text/markdown.ts';
export { type TimelineOptions, toTimeline } from './text/timeline.ts';
export { type AgentColumns, agentColumns } from './transforms/agentColumns.ts';
export {
  type OpeningPoint,
  openingPoint,
  type RunError,
  type RunOutcome,
  type SoftFailureOfSpan,
} from './transforms/agentErrors.ts';
export type { Iteration } from './transforms/agentIterations.ts';
export { type AgentKind, agentKind, agentKinds, agentLabel } from './transforms/agentKind.ts';
export type { Loop } from './transforms/agentLoops.ts';
export type {
  AgentMessage,
  JsonPart,
  MediaPart,
  MessagePart,
  MessageRole,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from './transforms/agentMessage.ts';
export {
  type AgentRun,
  type AgentRunOptions,
  type AgentUse,
  agentRun,
  type ModelUse,
  type ToolCount,
} from './transforms/agentRun.ts';
export {
  type AgentSpan,
  agentSpan,
  type DecisionFacts,
  type Embedding,
  type Evaluation,
  type MemoryFacts,
  type RetrievedDocument,
  type SoftFailure,
  type ToolDefinition,
  type ToolUse,
} from './transforms/agentSpan.ts';
export type { AgentTime, TimeByWork } from './transforms/agentTime.ts';
export { type AgentTotals, type AuditLine, agentTotals } from './transforms/agentTotals.ts';
export { agentTranscript, type TranscriptPart } from './transforms/agentTranscript.ts';
export type { Cost, ModelPrice, Prices, TokenUsage } from './transforms/agentUsage.ts';
export { type AdjustedTrace, adjustClockSkew, type ClockSkewAdjustment } from './transforms/clockSkew.ts';
export { type AttributeChange, type ComparedPair, comparePair } from './transforms/comparePair.ts';
export {
  type ComparedTotals,
  type CompareOptions,
  compareTraces,
  differencesAt,
  type PairDifference,
  pairDifferences,
  type SpanChange,
  spanChanges,
  type TraceComparison,
} from './transforms/compareTraces.ts';
export type { MergedRows } from './transforms/comparisonRows.ts';
export type { ContextPoint } from './transforms/contextGrowth.ts';
export { type CriticalPath, criticalPath, criticalTimes } from './transforms/criticalPath.ts';
export { errorCounts } from './transforms/errorCounts.ts';
export { type FrameworkNoise, frameworkNoise } from './transforms/frameworkNoise.ts';
export { type PromptChange, type PromptDelta, promptDelta } from './transforms/promptDelta.ts';
export { printQuery, type Query, type QueryTerm, queryWords } from './transforms/query.ts';
export {
  type QueryCompletion,
  type QueryCompletions,
  type QueryVocabulary,
  queryCompletions,
  queryVocabulary,
} from './transforms/queryCompletion.ts';
export { type ParsedQuery, parseQuery } from './transforms/queryParser.ts';
export type { SearchOptions } from './transforms/queryProgram.ts';
export type { QueryProblem } from './transforms/queryTerms.ts';
export { type Redact, redactTrace } from './transforms/redact.ts';
export { type NameKey, nameWithoutIds } from './transforms/sameNames.ts';
export {
  matchAfter,
  matchNumber,
  type SearchProgress,
  type SearchResult,
  type SlicedSearchOptions,
  SpanSearch,
  searchInSlices,
  searchSpans,
} from './transforms/searchSpans.ts';
export { selfTimes } from './transforms/selfTimes.ts';
export type { SpanGrouping } from './transforms/spanGroups.ts';
export { type SpanNode, spanTree } from './transforms/spanTree.ts';
export { type TimeBounds, timeBounds } from './transforms/timeBounds.ts';
export { type ToolLink, toolCallerOf, toolLinks } from './transforms/toolLinks.ts';
export {
  type GroupStatistics,
  type StatisticsOptions,
  type TraceStatistics,
  traceStatistics,
} from './transforms/traceStatistics.ts';
