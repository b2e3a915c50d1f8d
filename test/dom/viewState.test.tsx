import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef, StrictMode, useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../samples/random.ts';
import {
  decodeViewState,
  encodeViewState,
  TraceProvider,
  TraceView,
  type TraceViewActions,
  type TraceViewProps,
  type ViewState,
  Waterfall,
} from '../../src/index.ts';
import { traceFromText } from '../traceFromText.ts';

const trace = traceFromText(
  `
run [0 100]
  plan [0 10] service=planner
  act [10 60]
    search [10 30] error
    fetch [30 35]
      parse [31 32]
  answer [60 100]
`,
  { unit: 1e6 },
);

const grouped = traceFromText(
  `run [0 100]\n${[0, 1, 2, 3, 4, 5].map((n) => `  call [${n * 10} ${n * 10 + 9}] id=c${n}`).join('\n')}\n  answer [70 100]`,
  { unit: 1e6 },
);

function shownKeys(): string[] {
  return screen.getAllByRole('row').flatMap(({ dataset: { spanId, special } }) => spanId ?? (special ? [special] : []));
}

function row(key: string): HTMLElement {
  return screen.getAllByRole('row').find(({ dataset }) => dataset.spanId === key)!;
}

/** As an owner would hold it; `shown` has the last state that was told. */
function Owner(props: Partial<TraceViewProps> & { begin?: ViewState; onTold?: (state: ViewState) => void }) {
  const [state, setState] = useState<ViewState>(props.begin ?? {});
  const tell = (next: ViewState) => {
    props.onTold?.(next);
    setState(next);
  };
  return <TraceView trace={trace} {...props} viewState={state} onViewStateChange={tell} />;
}

describe('view state as one value', () => {
  it('tells of what a person changed, all of it and nothing that is as at the beginning', async () => {
    const user = userEvent.setup();
    const told = vi.fn();
    render(<TraceView trace={trace} defaultViewState={{}} onViewStateChange={told} />);
    await user.click(row('act').querySelector('[data-toggle]')!);
    expect(told).toHaveBeenLastCalledWith(
      { collapsed: new Set(['act']) },
      expect.objectContaining({ reason: 'toggle' }),
    );
    await user.click(row('answer'));
    expect(told).toHaveBeenLastCalledWith(
      { collapsed: new Set(['act']), selection: 'answer' },
      expect.objectContaining({ reason: 'click' }),
    );
    await user.click(screen.getByRole('radio', { name: 'Tree' }));
    expect(told).toHaveBeenLastCalledWith(
      { collapsed: new Set(['act']), selection: 'answer', tab: 'tree' },
      expect.anything(),
    );
  });

  it('holds what its owner says, and is changed by a person through the owner alone', async () => {
    const user = userEvent.setup();
    const told = vi.fn();
    render(<Owner begin={{ collapsed: new Set(['act']), selection: 'plan' }} onTold={told} />);
    expect(shownKeys()).toEqual(['run', 'plan', 'act', 'answer']);
    expect(row('plan')).toHaveAttribute('aria-selected', 'true');
    await user.click(row('act').querySelector('[data-toggle]')!);
    expect(shownKeys()).toEqual(['run', 'plan', 'act', 'search', 'fetch', 'parse', 'answer']);
    expect(told).toHaveBeenLastCalledWith({ selection: 'plan' });
  });

  it('stays where an owner does not take a change up', async () => {
    const user = userEvent.setup();
    render(<TraceView trace={trace} viewState={{ selection: 'plan' }} />);
    await user.click(row('answer'));
    expect(row('plan')).toHaveAttribute('aria-selected', 'true');
    await user.click(row('act').querySelector('[data-toggle]')!);
    expect(shownKeys()).toHaveLength(7);
  });

  it('gives way to a piece that has a prop of its own', () => {
    render(<TraceView trace={trace} viewState={{ selection: 'plan', query: 'search' }} selectedSpanId="answer" />);
    expect(row('answer')).toHaveAttribute('aria-selected', 'true');
    expect(screen.getByRole('searchbox', { name: /search/i })).toHaveValue('search');
  });

  it('shows the same again after a way through an address', async () => {
    const user = userEvent.setup();
    let last: ViewState = {};
    const first = render(
      <TraceView
        trace={grouped}
        defaultViewState={{ grouping: true, colorBy: 'name' }}
        onViewStateChange={(state) => {
          last = state;
        }}
      />,
    );
    expect(shownKeys()).toEqual(['run', 'group', 'answer']);
    await user.click(screen.getAllByRole('row').find(({ dataset }) => dataset.special)!);
    const shown = shownKeys();
    expect(shown).toEqual(['run', 'group', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'answer']);
    const colors = shown.slice(2).map((key) => row(key).dataset.color);
    first.unmount();

    render(<TraceView trace={grouped} defaultViewState={decodeViewState(encodeViewState(last))!} />);
    expect(shownKeys()).toEqual(shown);
    expect(shown.slice(2).map((key) => row(key).dataset.color)).toEqual(colors);
  });

  it('groups by the rules of the caller', () => {
    render(<TraceView trace={grouped} defaultViewState={{ grouping: true }} groupRules={{ minSiblings: 7 }} />);
    expect(shownKeys()).toEqual(['run', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'answer']);
  });

  it('uncovers the span that a link selects, whatever the link folds away or leaves out', () => {
    const links: ViewState[] = [
      { selection: 'parse', collapsed: { all: true, except: new Set() } },
      { selection: 'parse', focus: 'plan' },
      { selection: 'parse', query: 'name=plan', matchesOnly: true },
    ];
    for (const link of links) {
      const { unmount } = render(
        <StrictMode>
          <TraceView trace={trace} defaultViewState={link} />
        </StrictMode>,
      );
      expect(row('parse'), encodeViewState(link)).toHaveAttribute('aria-selected', 'true');
      unmount();
    }
    render(<TraceView trace={grouped} defaultViewState={{ selection: 'c3', grouping: true }} />);
    expect(row('c3')).toHaveAttribute('aria-selected', 'true');
  });

  it('reads columns by their names, those of the caller too, and leaves out what it does not know', () => {
    const own = { id: 'team', label: 'Team', value: () => 'red' };
    render(
      <TraceView
        trace={trace}
        defaultColumns={[own]}
        viewState={{ columns: ['team', 'service', 'of a later version'] }}
      />,
    );
    const headers = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
    expect(headers).toContain('Team');
    expect(headers).toContain('Service');
    expect(headers.join()).not.toContain('later');
  });

  it('is never broken by a link, however damaged', () => {
    const random = createRandom(7);
    const whole = encodeViewState({
      selection: 'parse',
      collapsed: new Set(['act']),
      range: [10, 5e7],
      query: '(status:error OR ',
      columns: ['tokens', 'attribute:x'],
      focus: 'act',
      tab: 'flame-graph',
      grouping: true,
      expandedGroups: ['c0'],
      colorBy: 'attribute:x',
      timeZone: 'Europe/Berlin',
    });
    for (let n = 0; n < 60; n++) {
      const at = random.int(2, whole.length);
      const text =
        whole.slice(0, at) +
        random.pick(['', 'x', '.', '**', '*ff', '.s', '.r9-1', '.lNowhere']) +
        whole.slice(at + random.int(0, 3));
      const state = decodeViewState(text);
      if (!state) continue;
      const { tab: _, ...rows } = state;
      const { unmount } = render(<TraceView trace={trace} defaultViewState={rows} />);
      expect(screen.getByRole('treegrid'), text).toBeInTheDocument();
      unmount();
    }
  });
});

describe('apiRef', () => {
  it('folds, selects, searches and zooms from outside', () => {
    const api = createRef<TraceViewActions>();
    render(<Waterfall trace={trace} apiRef={api} />);
    act(() => api.current!.collapseAll());
    expect(shownKeys()).toEqual(['run']);
    act(() => api.current!.expandToErrors());
    expect(shownKeys()).toEqual(['run', 'plan', 'act', 'search', 'fetch', 'answer']);
    act(() => api.current!.expandAll());
    expect(shownKeys()).toHaveLength(7);
    act(() => api.current!.setQuery('name=fetch'));
    act(() => api.current!.goToMatch(1));
    expect(row('fetch')).toHaveAttribute('aria-selected', 'true');
    act(() => api.current!.zoomToSpan('plan'));
    const { range } = api.current!.getViewState();
    expect(range![0]).toBe(0);
    expect(range![1]).toBeGreaterThan(10e6);
    expect(range![1]).toBeLessThan(11e6);
    act(() => api.current!.zoomBack());
    expect(api.current!.getViewState().range).toBeUndefined();
    act(() => api.current!.zoomForward());
    expect(api.current!.getViewState().range).toEqual(range);
    act(() => api.current!.fit());
    expect(api.current!.getViewState()).toEqual({ query: 'name=fetch', selection: 'fetch' });
  });

  it('brings a span into sight that is folded away, and says so where there is none', () => {
    const api = createRef<TraceViewActions>();
    render(<Waterfall trace={trace} apiRef={api} defaultCollapsedSpanIds={{ all: true, except: new Set() }} />);
    let found = false;
    act(() => {
      found = api.current!.scrollToSpan('parse');
    });
    expect(found).toBe(true);
    expect(shownKeys()).toContain('parse');
    expect(api.current!.scrollToSpan('nobody')).toBe(false);
  });

  it('takes a whole state and gives it back', () => {
    const api = createRef<TraceViewActions>();
    const told = vi.fn();
    render(<TraceView trace={trace} apiRef={api} onViewStateChange={told} />);
    const state: ViewState = {
      selection: 'search',
      collapsed: new Set(['fetch']),
      range: [1e6, 5e7],
      query: 'status:error',
      matchesOnly: true,
      tab: 'tree',
      compress: false,
      criticalPath: true,
      timeZone: 'UTC',
      colorBy: 'status',
      columns: ['service'],
    };
    act(() => api.current!.setViewState(state));
    const { compress: _, ...kept } = state;
    expect(api.current!.getViewState()).toEqual(kept);
    expect(told).toHaveBeenLastCalledWith(kept, expect.anything());
    act(() => api.current!.setViewState({}));
    expect(api.current!.getViewState()).toEqual({ tab: 'tree' });
  });

  it('reaches the shared view from a part below a provider', () => {
    const api = createRef<TraceViewActions>();
    render(
      <TraceProvider trace={trace}>
        <Waterfall apiRef={api} />
      </TraceProvider>,
    );
    act(() => api.current!.selectSpan('answer'));
    expect(row('answer')).toHaveAttribute('aria-selected', 'true');
  });
});

describe('colorBy', () => {
  it('colours by status, name, an attribute or the caller’s own function, also one that throws', () => {
    const color = (colorBy: TraceViewProps['colorBy']) => {
      const { unmount } = render(<Waterfall trace={trace} {...(colorBy && { colorBy })} />);
      const colors = Object.fromEntries(shownKeys().map((key) => [key, row(key).dataset.color]));
      unmount();
      return colors;
    };
    expect(color('status').search).not.toBe(color('status').plan);
    expect(color('status').plan).toBe(color('status').answer);
    expect(new Set(Object.values(color('service'))).size).toBe(2);
    expect(color((span) => (span.name === 'plan' ? 'a' : 'bb')).plan).not.toBe(color(() => 'bb').plan);
    expect(color('attribute:nothing').plan).toBe(color('attribute:nothing').answer);
    expect(
      color(() => {
        throw new Error('no');
      }).plan,
    ).toBeDefined();
  });
});
