import type { Meta, StoryObj } from '@storybook/react-vite';
import { useRef } from 'react';
import { TraceProvider, useTraceView, useWaterfall, type WaterfallRow } from 'spanscope';
import { agentRun, errorRun, large } from '../samples/index.ts';
import './useWaterfall.stories.css';

/** A look of one's own with the behaviour of the waterfall: keys, zoom, folding, search and a million rows come from the hook. */
const meta = {
  title: 'useWaterfall',
  component: Ladder,
} satisfies Meta<typeof Ladder>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AgentRun: Story = { args: { trace: agentRun() } };
export const ErrorRun: Story = { args: { trace: errorRun() } };
export const TenThousandSpans: Story = { args: { trace: large({ spans: 10_000, shape: 'agent', format: 'json' }) } };
export const Unreadable: Story = { args: { trace: '{"rows": []}' } };

/** Rungs in place of bars in a grid: dots where spans begin, a line as long as they took, names on the line. */
function Ladder({ trace }: { trace: string | object }) {
  return (
    <TraceProvider trace={trace}>
      <LadderOrError />
    </TraceProvider>
  );
}

function LadderOrError() {
  const { trace, error } = useTraceView();
  return trace ? <Rungs /> : <p className="ladder-error">{error?.message}</p>;
}

function Rungs() {
  const trackRef = useRef<HTMLDivElement>(null);
  const { view, rows, gridProps, scrollerProps, spacerProps, rowsProps, timeRange } = useWaterfall({ trackRef });
  const milliseconds = (time: number) => `${(time / 1e6).toFixed(1)} ms`;
  return (
    <section className="ladder" aria-label="Ladder">
      <header className="ladder-head">
        <button type="button" onClick={view.collapseAll}>
          Fold
        </button>
        <button type="button" onClick={view.expandAll}>
          Unfold
        </button>
        <button type="button" onClick={() => view.fit()}>
          {milliseconds(timeRange[0])} to {milliseconds(timeRange[1])}
        </button>
      </header>
      <div {...gridProps} aria-label="Steps" className="ladder-grid">
        <div ref={trackRef} className="ladder-track" role="presentation" />
        <div {...scrollerProps} className="ladder-scroller">
          <div {...spacerProps}>
            <div {...rowsProps}>
              {rows.map((row) => (
                <Rung key={row.key} row={row} />
              ))}
            </div>
          </div>
        </div>
      </div>
    </section>
  );
}

function Rung({ row }: { row: WaterfallRow }) {
  const place = { '--from': row.start, '--to': row.end, '--depth': row.depth } as React.CSSProperties;
  const name = row.type === 'span' ? row.label : row.type;
  return (
    <div {...row.rowProps} className="ladder-rung" style={place}>
      <div role="gridcell" className="ladder-cell">
        <i className="ladder-line" />
        <span {...row.toggleProps} className="ladder-toggle">
          {row.isExpanded === undefined ? '•' : row.isExpanded ? '▾' : '▸'}
        </span>
        <span className="ladder-name">{name}</span>
        {row.type === 'span' && row.span.status === 'error' && <b className="ladder-failed">failed</b>}
      </div>
    </div>
  );
}
