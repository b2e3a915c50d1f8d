import { expect, it } from 'vitest';
import { parseTraces } from '../../src/core.ts';
import { type SpanPlace, spanAfter, spansOf } from '../../viewer/src/spansOfWarning.ts';

const span = (id: string, parent: string | null) => ({
  span_id: id,
  parent_span_id: parent,
  name: id,
  start_time: 1_700_000_000,
  end_time: 1_700_000_001,
});

it('a warning leads from span to span through all traces of the file, and round again', () => {
  const { traces, warnings } = parseTraces([
    { trace_id: 't', spans: [span('a', 'gone'), span('b', 'a'), span('c', 'gone')] },
    { trace_id: 'u', spans: [span('b', null), span('c', 'gone')] },
  ]);
  const orphans = warnings.find(({ code }) => code === 'orphan')!;
  const visited: string[] = [];
  let last: SpanPlace | undefined;
  for (let step = 0; step < 4; step++) {
    const found = spanAfter(traces, orphans, last)!;
    last = found.place;
    visited.push(`${last.traceId} ${last.spanId}${found.isFirst ? ' first' : ''}`);
  }
  expect(visited).toEqual(['t a first', 't c', 'u c', 't a first']);
  expect(spansOf(traces, orphans)).toBe('many');
  expect(spansOf(traces, { ...orphans, count: 1 })).toBe('one');
});

it('a warning of a reader leads to its first span alone, and one of no span nowhere', () => {
  const { traces } = parseTraces({ trace_id: 't', spans: [span('a', null)] });
  const warning = { code: 'unreadable-time', message: '', count: 3 };
  expect(spanAfter(traces, { ...warning, traceId: 't', spanId: 'a' })).toEqual({
    place: { traceId: 't', spanId: 'a' },
    isFirst: true,
  });
  expect(spansOf(traces, { ...warning, traceId: 't', spanId: 'a' })).toBe('one');
  expect(spanAfter(traces, warning)).toBeUndefined();
  expect(spansOf(traces, warning)).toBe('none');
});
