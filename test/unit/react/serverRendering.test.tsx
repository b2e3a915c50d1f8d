import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { agentRun, deepChain, empty, htmlErrorPage, large } from '../../../samples/index.ts';
import {
  ContextGrowth,
  FlameGraph,
  IterationTable,
  RunSummary,
  SpanDetails,
  SpanTree,
  TimeAxis,
  TraceView,
  Transcript,
  Waterfall,
} from '../../../src/index.ts';

const views = {
  TraceView,
  Waterfall,
  SpanTree,
  FlameGraph,
  SpanDetails,
  TimeAxis,
  RunSummary,
  IterationTable,
  ContextGrowth,
  Transcript,
};

describe.each(Object.entries(views))('%s on a server', (_, View) => {
  it('renders without a document and without a style attribute, which a strict policy blocks', () => {
    const html = renderToString(<View trace={agentRun()} />);
    expect(html).toContain('class="spanscope');
    expect(html).not.toMatch(/<[^>]*\sstyle=/);
  });

  it('renders what cannot be read as a message', () => {
    expect(renderToString(<View trace={htmlErrorPage()} />)).not.toBe('');
    expect(renderToString(<View trace={empty()} />)).not.toBe('');
  });
});

it('sends the first rows as readable text, each once', () => {
  const html = renderToString(<Waterfall trace={agentRun()} />);
  const ids = [...html.matchAll(/data-span-id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.length).toBe(30);
  expect(new Set(ids).size).toBe(30);
  expect(html).toContain('search_flights');
});

it('sends a fixed number of rows however long the trace', () => {
  const html = renderToString(<TraceView trace={large({ spans: 5000, format: 'jaeger', shape: 'wide' })} />);
  expect(html.match(/class="spanscope-row"/g)).toHaveLength(30);
});

it('renders 5,000 levels of depth', () => {
  expect(renderToString(<TraceView trace={deepChain(5000)} />).match(/class="spanscope-row"/g)).toHaveLength(30);
});
