import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as core from '../../src/core.ts';
import * as all from '../../src/index.ts';

/** Names that others build on: one leaves only with a reason, and a new one comes in here first. */
const coreValues = [
  'TraceBuilder',
  'TraceFormatError',
  'agentKind',
  'agentLabel',
  'createTimeScale',
  'criticalPath',
  'criticalTimes',
  'detectFormat',
  'errorCounts',
  'formatDuration',
  'isKnown',
  'isTrace',
  'layoutFlameGraph',
  'layoutMinimap',
  'layoutWaterfall',
  'parseTraces',
  'selfTimes',
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
  'AgentKind',
  'AttributeValue',
  'Attributes',
  'BuildOptions',
  'CollapsedSpans',
  'Completeness',
  'CriticalPath',
  'DetailSource',
  'FlameGraphLayout',
  'FormatName',
  'InstrumentationScope',
  'JaegerOptions',
  'MinimapLayout',
  'MinimapOptions',
  'Nanoseconds',
  'ParseOptions',
  'ParseResult',
  'ParseWarning',
  'SourceDetails',
  'SourceEvent',
  'Span',
  'SpanEvent',
  'SpanIndex',
  'SpanIssue',
  'SpanKind',
  'SpanLink',
  'SpanList',
  'SpanNode',
  'SpanRecord',
  'SpanStatus',
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
  'WaterfallLayout',
  'WaterfallOptions',
];
const reactValues = [
  'FlameGraph',
  'Minimap',
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
  'MenuItem',
  'MinimapProps',
  'SpanDetailsProps',
  'SpanTreeProps',
  'TimeAxisProps',
  'TimeRangeChangeDetails',
  'TraceProviderProps',
  'TraceSourceProps',
  'TraceViewInput',
  'TraceViewName',
  'TimeDisplay',
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
