import { expect, it } from 'vitest';
import { agentRun, messyRun, services } from '../../../samples/index.ts';
import { parseTraces } from '../../../src/formats/parseTraces.ts';
import { groupQuery } from '../../../src/transforms/groupQuery.ts';
import { searchSpans } from '../../../src/transforms/searchSpans.ts';
import type { SpanGrouping } from '../../../src/transforms/spanGroups.ts';
import { traceStatistics } from '../../../src/transforms/traceStatistics.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';

const groupings: readonly SpanGrouping[] = ['name', 'service', 'kind', 'agentKind'];

function expectSameSpans(input: Parameters<typeof parseTraces>[0], by: SpanGrouping, note: string) {
  for (const trace of parseTraces(input).traces.slice(0, 3)) {
    const statistics = traceStatistics(trace, { groupBy: by });
    for (let row = 0; row < Math.min(statistics.length, 25); row++) {
      const query = groupQuery(trace, by, statistics.labels[row], {
        groupOf: statistics.rowOf,
        group: row,
      });
      if (query === undefined) continue;
      expect(searchSpans(trace, query).indexes.length, `${note}: ${query}`).toBe(statistics.count[row]);
    }
  }
}

it('finds the spans of its group and no others, whatever stands in names', () => {
  for (const by of [...groupings, 'model', 'tool'] as const) {
    expectSameSpans(agentRun(), by, 'agent');
    expectSameSpans(services(), by, 'services');
  }
  for (const by of groupings) expectSameSpans(messyRun(), by, 'messy');
  expectSameSpans(services(), { attribute: 'http.method' }, 'services');
  const odd = ['a "b" \\c', 'a=b>c', '-x', 'OR', '(', ' pad '].map((name, at) => ({
    span_id: `s${at}`,
    name,
    start_time: at,
    end_time: at + 1,
  }));
  expectSameSpans({ trace_id: 't', spans: odd } as object, 'name', 'odd');
});

it.skipIf(!hasCorpus)(`does so in real files${corpusNote}`, () => {
  for (const folder of ['jaeger', 'otlp']) {
    for (const file of corpusFiles(folder).slice(0, 12)) {
      try {
        parseTraces(corpusFile(`${folder}/${file}`));
      } catch {
        continue;
      }
      for (const by of groupings) expectSameSpans(corpusFile(`${folder}/${file}`), by, file);
    }
  }
});
