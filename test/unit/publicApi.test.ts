import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as core from '../../src/core.ts';
import * as all from '../../src/index.ts';

/** Names that others build on: one leaves only with a reason, and a new one comes in here first. */
const coreValues = [
  'SpanSearch',
  'TraceBuilder',
  'TraceFormatError',
  'adjustClockSkew',
  'agentKind',
  'agentLabel',
  'collapseAll',
  'collapseOneLevel',
  'collapseSubtree',
  'collapsedDownTo',
  'collapsedDownToCriticalPath',
  'collapsedDownToErrors',
  'compressedSegments',
  'createTimeScale',
  'criticalPath',
  'criticalTimes',
  'decodeViewState',
  'detectFormat',
  'encodeViewState',
  'errorCounts',
  'expandAll',
  'expandOneLevel',
  'expandSubtree',
  'expandedTo',
  'formatDuration',
  'formatTimeAt',
  'hasBit',
  'indexesOfBits',
  'isKnown',
  'isTrace',
  'layoutFlameGraph',
  'layoutWaterfall',
  'matchAfter',
  'matchNumber',
  'parseQuery',
  'parseTraces',
  'printQuery',
  'queryCompletions',
  'queryVocabulary',
  'queryWords',
  'scaleTicks',
  'searchInSlices',
  'searchSpans',
  'segmentsWithin',
  'selfTimes',
  'spanBits',
  'spanIssues',
  'spanKinds',
  'spanStatuses',
  'spanTree',
  'timeBounds',
  'timeFromIso',
  'timeFromNanoString',
  'timeFromNumber',
  'timeTicks',
  'toIsoTime',
  'toJaeger',
  'toJson',
  'toOtlp',
  'toTimeline',
  'traceWarnings',
  'unknownTime',
];
const coreTypes = [
  'AdjustedTrace',
  'AgentKind',
  'AttributeValue',
  'Attributes',
  'BuildOptions',
  'Clock',
  'ClockSkewAdjustment',
  'CollapsedSpans',
  'Completeness',
  'CompressionOptions',
  'CriticalPath',
  'DetailSource',
  'FlameGraphLayout',
  'FormatName',
  'GapOptions',
  'GapRow',
  'GroupRow',
  'GroupRules',
  'InstrumentationScope',
  'JaegerOptions',
  'Nanoseconds',
  'ParseOptions',
  'ParseResult',
  'ParseWarning',
  'ParsedQuery',
  'Query',
  'QueryCompletion',
  'QueryCompletions',
  'QueryProblem',
  'QueryTerm',
  'QueryVocabulary',
  'RowValue',
  'SearchOptions',
  'SearchProgress',
  'SearchResult',
  'ShownTreeOptions',
  'SlicedSearchOptions',
  'SourceDetails',
  'SourceEvent',
  'Span',
  'SpanBits',
  'SpanEvent',
  'SpanIndex',
  'SpanIssue',
  'SpanKind',
  'SpanLink',
  'SpanList',
  'SpanNode',
  'SpanRecord',
  'SpanStatus',
  'TimeAtOptions',
  'TimeBounds',
  'TimePoint',
  'TimeRange',
  'TimeScale',
  'TimeSegment',
  'TimeTick',
  'TimeTicksOptions',
  'TimelineOptions',
  'Trace',
  'TraceColumns',
  'TraceInput',
  'ViewState',
  'WaterfallLayout',
  'WaterfallOptions',
];
const reactValues = [
  'FlameGraph',
  'SpanDetails',
  'SpanTree',
  'TimeAxis',
  'TraceProvider',
  'TraceView',
  'Waterfall',
  'useTraceView',
];
const reactTypes = [
  'ChangeDetails',
  'ChangeReason',
  'FlameGraphProps',
  'SpanDetailsProps',
  'SpanTreeProps',
  'TimeAxisProps',
  'TimeRangeChangeDetails',
  'TraceProviderProps',
  'TraceSourceProps',
  'TraceViewInput',
  'TraceViewName',
  'TraceViewProps',
  'TraceViewState',
  'TraceViewStateProps',
  'WaterfallProps',
];

/** The names in a file of `export { a, type B } from '…'`, which is all that these two files hold. */
function exportedNames(file: string): { values: string[]; types: string[] } {
  const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
  const values: string[] = [];
  const types: string[] = [];
  for (const [, typeOnly, names] of text.matchAll(/^export (type )?\{([^}]*)\} from '[^']+';$/gm)) {
    for (const entry of names!.split(',')) {
      const words = entry.trim().split(/\s+/);
      if (words[0] === '') continue;
      (typeOnly || words[0] === 'type' ? types : values).push(words.at(-1)!);
    }
  }
  return { values: values.sort(), types: types.sort() };
}

it('spanscope/core exports these names and no others', () => {
  expect(Object.keys(core).sort()).toEqual([...coreValues].sort());
  expect(exportedNames('core.ts')).toEqual({ values: [...coreValues].sort(), types: [...coreTypes].sort() });
});

it('spanscope exports what spanscope/core does and the components, and no others', () => {
  expect(Object.keys(all).sort()).toEqual([...coreValues, ...reactValues].sort());
  expect(exportedNames('index.ts')).toEqual({
    values: [...coreValues, ...reactValues].sort(),
    types: [...coreTypes, ...reactTypes].sort(),
  });
});
