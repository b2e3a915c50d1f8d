import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { parseTraces, TraceView } from '../../src/index.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus, hasSeed, seedNames, seedNote, seedText } from '../corpus.ts';

const rowIds = () =>
  screen
    .queryAllByRole('row')
    .map((row) => row.dataset.spanId)
    .filter((id) => id !== undefined);

/** The first rows of the largest trace of a file, in its order. */
function firstKeys(input: string | Uint8Array): string[] {
  const { traces } = parseTraces(input);
  const largest = traces.reduce((most, trace) => (trace.spanCount > most.spanCount ? trace : most));
  return Array.from(largest, (span) => span.key).slice(0, 30);
}

describe.skipIf(!hasSeed)(`the reference traces${seedNote}`, () => {
  it.each(seedNames().flatMap((name) => [`${name}.json`, `${name}.jaeger.json`]))('%s is shown', (name) => {
    const text = seedText(name);
    render(<TraceView trace={text} />);
    expect(rowIds()).toEqual(firstKeys(text));
    if (rowIds().length === 0) expect(screen.getByRole('status')).toHaveTextContent('This trace has no spans');
  });
});

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  it.each(['jaeger', 'otlp'].flatMap((folder) => corpusFiles(folder).map((name) => `${folder}/${name}`)))(
    '%s is shown in every view',
    (name) => {
      const bytes = corpusFile(name);
      const { rerender } = render(<TraceView trace={bytes} view="waterfall" />);
      expect(rowIds()).toEqual(firstKeys(bytes));
      rerender(<TraceView trace={bytes} view="tree" selectedSpanId={firstKeys(bytes)[0]!} />);
      expect(screen.getAllByRole('treeitem').length).toBeGreaterThan(0);
      expect(screen.getByRole('region')).toBeInTheDocument();
      rerender(<TraceView trace={bytes} view="flame-graph" />);
      expect(screen.queryByRole('alert')).toBeNull();
    },
  );
});
