import { expect, it } from 'vitest';
import { type RowIntent, rowAction, rowByName, rowIntent } from '../../../src/layout/rowNavigation.ts';
import { layoutWaterfall } from '../../../src/layout/waterfall.ts';
import { traceFromText } from '../../traceFromText.ts';

const trace = traceFromText(`
run [0 100]
  plan [0 10]
  act [10 60]
    search [10 30]
    search again [30 60]
  answer [60 100]
    stream [60 100]
`);

const indexOf = (name: string) => Array.from(trace).find((span) => span.name === name)!.index;

/** What happens at a span, as words: `focus search`, `toggle act`. */
function at(name: string, intent: RowIntent, collapsed: readonly string[] = []): string {
  const keys = new Set(collapsed.map((each) => trace.spanAt(indexOf(each)).key));
  const layout = layoutWaterfall(trace, { collapsed: keys });
  const action = rowAction(trace, layout, indexOf(name), intent, 3);
  if (!action) return 'nothing';
  if (action.type === 'focus') return `focus ${trace.spanAt(action.index).name}`;
  if (action.type === 'toggle') return `toggle ${action.indexes.map((index) => trace.spanAt(index).name).join(', ')}`;
  return action.type;
}

const press = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

it('moves by rows, pages and to both ends, and stays at an end', () => {
  expect(at('plan', 'next')).toBe('focus act');
  expect(at('act', 'previous')).toBe('focus plan');
  expect(at('run', 'previous')).toBe('nothing');
  expect(at('stream', 'next')).toBe('nothing');
  expect(at('run', 'page-down')).toBe('focus search');
  expect(at('stream', 'page-up')).toBe('focus search');
  expect(at('search', 'first')).toBe('focus run');
  expect(at('search', 'last')).toBe('focus stream');
});

it('leaves out what is hidden', () => {
  expect(at('act', 'next', ['act'])).toBe('focus answer');
  expect(at('answer', 'previous', ['act'])).toBe('focus act');
});

it('opens with the first press to the right and enters with the second', () => {
  expect(at('act', 'expand', ['act'])).toBe('toggle act');
  expect(at('act', 'expand')).toBe('focus search');
  expect(at('search', 'expand')).toBe('nothing');
});

it('closes with the first press to the left and goes to the parent with the second', () => {
  expect(at('act', 'collapse')).toBe('toggle act');
  expect(at('act', 'collapse', ['act'])).toBe('focus run');
  expect(at('search', 'collapse')).toBe('focus act');
  expect(at('run', 'collapse', ['run'])).toBe('nothing');
});

it('opens all siblings that are closed', () => {
  expect(at('plan', 'expand-siblings', ['act', 'answer'])).toBe('toggle act, answer');
  expect(at('plan', 'expand-siblings')).toBe('nothing');
});

it('reads keys by the treegrid pattern and leaves those with Ctrl, ⌘ or Alt to the browser', () => {
  expect(rowIntent({ ...press, key: 'ArrowDown' })).toBe('next');
  expect(rowIntent({ ...press, key: '*' })).toBe('expand-siblings');
  expect(rowIntent({ ...press, key: 'f' })).toBe('zoom');
  expect(rowIntent({ ...press, key: 'f', ctrlKey: true })).toBeUndefined();
  expect(rowIntent({ ...press, key: 'ArrowLeft', metaKey: true })).toBeUndefined();
  expect(rowIntent({ ...press, key: 'q' })).toBeUndefined();
  expect(rowIntent({ ...press, key: 'constructor' })).toBeUndefined();
});

it('lets the arrows follow what is seen from right to left', () => {
  expect(rowIntent({ ...press, key: 'ArrowLeft' }, true)).toBe('expand');
  expect(rowIntent({ ...press, key: 'ArrowRight' }, true)).toBe('collapse');
});

it('finds the next row by the beginning of its name, around the end', () => {
  const layout = layoutWaterfall(trace);
  const found = (from: string, typed: string) => {
    const index = rowByName(trace, layout, indexOf(from), typed);
    return index < 0 ? undefined : trace.spanAt(index).name;
  };
  expect(found('run', 's')).toBe('search');
  expect(found('search', 's')).toBe('search again');
  expect(found('search', 'search')).toBe('search');
  expect(found('stream', 'A')).toBe('act');
  expect(found('run', 'zzz')).toBeUndefined();
});
