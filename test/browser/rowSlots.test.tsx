import { render, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import 'spanscope/styles.css';
import { errorRun } from '../../samples/index.ts';
import { type RowContent, SpanTree, Waterfall } from '../../src/index.ts';

const row = (role: 'row' | 'treeitem', name: RegExp) =>
  screen.getAllByRole(role, { name }).find((each) => each.dataset.spanId)!;

it('lets the caller draw names, bars and cells, around what stands there or in its place', () => {
  render(
    <div style={{ width: 1100, height: 400 }}>
      <Waterfall
        trace={errorRun()}
        columns={['duration', 'service']}
        renderRowName={({ content, kind }) => (
          <>
            <b>{kind}</b> {content}
          </>
        )}
        renderRowBar={({ span }) => <i data-testid={`bar ${span.key}`} />}
        renderRowCell={({ columnId, content }) => (columnId === 'duration' ? <em>took {content}</em> : content)}
      />
    </div>,
  );
  const iteration = row('row', /iteration 1/);
  expect(within(iteration).getByText('iteration', { selector: 'b' })).toBeVisible();
  expect(within(iteration).getByText('iteration 1')).toBeVisible();
  expect(within(iteration).getByTestId(`bar ${iteration.dataset.spanId}`).closest('.spanscope-bar')).not.toBeNull();
  expect(iteration.querySelector('[data-column="duration"] em')).toHaveTextContent(/^took \d/);
});

it('draws the tree by the same functions', () => {
  render(
    <div style={{ width: 400, height: 400 }}>
      <SpanTree trace={errorRun()} renderRowName={({ span }) => <b>{span.name.toUpperCase()}</b>} />
    </div>,
  );
  expect(row('treeitem', /ITERATION_1/)).toBeVisible();
});

it('marks a row whose renderer throws, and shows all others', () => {
  // React itself tells of what a boundary has caught.
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const renderRowName = ({ span, content }: RowContent) => {
    if (span.name === 'iteration_1') throw new Error('not this one');
    return content;
  };
  render(
    <div style={{ width: 1100, height: 400 }}>
      <Waterfall trace={errorRun()} renderRowName={renderRowName} />
    </div>,
  );
  expect(screen.getAllByText('could not be drawn')).toHaveLength(1);
  expect(row('row', /iteration 2/)).toBeVisible();
  told.mockRestore();
});
