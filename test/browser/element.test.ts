import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { agentRun, services } from '../../samples/index.ts';
import { parseTraces } from '../../src/core.ts';
import { defineSpanScope, type SpanScopeElement } from '../../src/element.ts';
import { createTraceRecorder } from '../../src/tracer.ts';

// The element as a page uses it: by markup and properties, in a real browser.

const plain = {
  trace_id: 't1',
  spans: ['root', 'first', 'second'].map((name, place) => ({
    span_id: name,
    parent_span_id: place > 0 ? 'root' : null,
    name,
    start_time: place,
    end_time: 4,
    status: 'ok',
  })),
};

let place: HTMLElement;
beforeEach(() => {
  place = document.createElement('div');
  document.body.append(place);
});
afterEach(async () => {
  place.remove();
  document.querySelector('#page-styles')?.remove();
  // What is taken out of the page unmounts in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 0));
});

function element(html = '<span-scope></span-scope>'): SpanScopeElement {
  place.insertAdjacentHTML('beforeend', html);
  return place.lastElementChild as SpanScopeElement;
}

const rowOf = (viewer: SpanScopeElement, id: string) =>
  viewer.shadowRoot!.querySelector<HTMLElement>(`[part="row"][data-span-id="${id}"]`);
const rowsOf = (viewer: SpanScopeElement) =>
  Array.from(viewer.shadowRoot!.querySelectorAll('[part="row"]'), (row) => row.getAttribute('data-span-id'));

async function shown(viewer: SpanScopeElement, id = 'root'): Promise<HTMLElement> {
  await expect.poll(() => rowOf(viewer, id)).toBeTruthy();
  return rowOf(viewer, id)!;
}

function heard<Name extends string>(viewer: SpanScopeElement, name: Name): unknown[] {
  const details: unknown[] = [];
  viewer.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
}

const aFewFrames = () => new Promise((resolve) => setTimeout(resolve, 80));

const urlOf = (value: unknown) => URL.createObjectURL(new Blob([JSON.stringify(value)]));

describe('<span-scope>', () => {
  it('shows what its trace property is: an object, a text, a Trace, a file', async () => {
    const inputs = [plain, JSON.stringify(plain), parseTraces(plain).traces[0], new Blob([JSON.stringify(plain)])];
    for (const input of inputs) {
      const viewer = element();
      viewer.trace = input!;
      await shown(viewer);
      expect(rowsOf(viewer)).toEqual(['root', 'first', 'second']);
      expect(viewer.trace).toBe(input);
    }
  });

  it('shows the traces of a recorder as they grow: the latest, until one is looked into', async () => {
    const recorder = createTraceRecorder();
    const send = (traceId: string, spanId: string, parentSpanId = '') =>
      recorder.ingest({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: traceId.padEnd(32, '0'),
                    spanId: spanId.padEnd(16, '0'),
                    parentSpanId: parentSpanId?.padEnd(16, '0'),
                    name: spanId,
                    startTimeUnixNano: '1700000000000000000',
                    endTimeUnixNano: '1700000001000000000',
                  },
                ],
              },
            ],
          },
        ],
      });
    const id = (text: string) => text.padEnd(16, '0');
    const viewer = element();
    viewer.trace = recorder;
    expect(viewer.trace).toBe(recorder);
    send('a', 'aa');
    await shown(viewer, id('aa'));
    send('a', 'ab', 'aa');
    await shown(viewer, id('ab'));
    send('b', 'ba');
    await shown(viewer, id('ba'));
    await userEvent.click(rowOf(viewer, id('ba'))!);
    send('c', 'ca');
    send('b', 'bb', 'ba');
    await shown(viewer, id('bb'));
    expect(rowsOf(viewer)).toEqual([id('ba'), id('bb')]);
    viewer.trace = plain;
    await shown(viewer);
    await recorder.shutdown();
  });

  it('fetches its src, tells what it read, and takes another', async () => {
    const viewer = element();
    const loads = heard(viewer, 'trace-load');
    viewer.src = urlOf(plain);
    await shown(viewer);
    expect(loads).toEqual([{ format: 'json', traceIds: ['t1'], spanCount: 3, warnings: [] }]);
    viewer.setAttribute('src', urlOf({ ...plain, spans: [{ ...plain.spans[0], span_id: 'other' }] }));
    await shown(viewer, 'other');
    expect(loads.length).toBe(2);
  });

  it('says in place what it could not read, and tells it', async () => {
    const viewer = element('<span-scope src="/no/such/trace.json?nothing"></span-scope>');
    vi.spyOn(window, 'fetch').mockResolvedValue(new Response('gone', { status: 404, statusText: 'Not Found' }));
    const errors = heard(viewer, 'trace-error') as { error: Error }[];
    await expect.poll(() => errors.length).toBe(1);
    expect(errors[0]!.error.message).toMatch(/The server answered 404 Not Found where a trace was expected/);
    expect(viewer.shadowRoot!.querySelector('[role="alert"]')?.textContent).toContain('404');
    vi.restoreAllMocks();
  });

  it('takes what a framework set before the class was known', async () => {
    const viewer = document.createElement('late-scope') as SpanScopeElement;
    Object.assign(viewer, { trace: plain, selectedSpanId: 'second' });
    place.append(viewer);
    defineSpanScope('late-scope');
    defineSpanScope('late-scope');
    expect((await shown(viewer, 'second')).getAttribute('aria-selected')).toBe('true');
    expect(viewer.getAttribute('selected-span-id')).toBe('second');
  });

  it('a click selects: attribute, property and event say so; the attribute selects as well', async () => {
    const viewer = element();
    viewer.trace = plain;
    const selected = heard(viewer, 'span-select');
    await userEvent.click(await shown(viewer, 'second'));
    expect(selected).toEqual([{ spanId: 'second', reason: 'click' }]);
    expect(viewer.selectedSpanId).toBe('second');
    expect(viewer.getAttribute('selected-span-id')).toBe('second');
    viewer.setAttribute('selected-span-id', 'first');
    await expect.poll(() => rowOf(viewer, 'first')?.getAttribute('aria-selected')).toBe('true');
    viewer.selectedSpanId = null;
    await expect.poll(() => viewer.shadowRoot!.querySelector('[part~="details"]')).toBe(null);
    expect(selected.length).toBe(1);
  });

  it('switches views by attribute, and tells of a switch by hand', async () => {
    const viewer = element('<span-scope view="tree"></span-scope>');
    viewer.trace = plain;
    await expect.poll(() => viewer.shadowRoot!.querySelector('[role="tree"]')).toBeTruthy();
    const changes = heard(viewer, 'view-change');
    viewer.shadowRoot!.querySelector<HTMLInputElement>('input[type=radio][value="waterfall"]')?.click();
    await expect.poll(() => viewer.shadowRoot!.querySelector('[role="treegrid"]')).toBeTruthy();
    expect(changes).toEqual([{ view: 'waterfall' }]);
    expect(viewer.view).toBe('waterfall');
  });

  it('goes by keys within the shadow root: the focus stays in the rows', async () => {
    const viewer = element();
    viewer.trace = plain;
    await userEvent.click(await shown(viewer, 'root'));
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect((viewer.shadowRoot!.activeElement as HTMLElement).dataset.spanId).toBe('second');
  });

  it('the menu of a row stays open while it is used, and closes by a press elsewhere', async () => {
    const viewer = element();
    viewer.trace = plain;
    const menu = () => viewer.shadowRoot!.querySelector('[role="menu"]');
    const pressed = () => new PointerEvent('pointerdown', { bubbles: true, composed: true });
    await userEvent.click(await shown(viewer, 'first'), { button: 'right' });
    await expect.poll(menu).toBeTruthy();
    viewer.shadowRoot!.querySelector('[role="menuitem"]')!.dispatchEvent(pressed());
    await aFewFrames();
    expect(menu()).toBeTruthy();
    document.body.dispatchEvent(pressed());
    await expect.poll(menu).toBe(null);
  });

  it('the rows keep the focus when the one that has it scrolls out of sight', async () => {
    const viewer = element();
    viewer.trace = {
      trace_id: 't',
      spans: Array.from({ length: 2_000 }, (_, at) => ({
        span_id: `s${at}`,
        name: 's',
        start_time: at,
        end_time: at + 1,
      })),
    };
    await userEvent.click(await shown(viewer, 's1'));
    const grid = viewer.shadowRoot!.querySelector<HTMLElement>('[role="treegrid"]')!;
    for (const element of [grid, ...grid.querySelectorAll('*')]) element.scrollTop = 30_000;
    await expect.poll(() => rowOf(viewer, 's1')).toBe(null);
    await aFewFrames();
    const { activeElement } = viewer.shadowRoot!;
    expect(activeElement && grid.contains(activeElement)).toBe(true);
  });

  it('the rows do not take the focus back from what the page has focused since', async () => {
    const viewer = element();
    viewer.trace = plain;
    place.insertAdjacentHTML('beforeend', '<input aria-label="of the page">');
    const input = place.querySelector('input')!;
    await userEvent.click(await shown(viewer, 'first'));
    await userEvent.keyboard('{ArrowDown}');
    input.focus();
    viewer.selectedSpanId = 'root';
    await expect.poll(() => rowOf(viewer, 'root')!.getAttribute('aria-selected')).toBe('true');
    await aFewFrames();
    expect(document.activeElement).toBe(input);
  });

  it('the choice of columns stays open while boxes in it are ticked', async () => {
    const viewer = element();
    viewer.trace = plain;
    await shown(viewer);
    const find = (selector: string, text: string) =>
      Array.from(viewer.shadowRoot!.querySelectorAll<HTMLElement>(selector)).find((each) =>
        `${each.getAttribute('aria-label')} ${each.textContent}`.includes(text),
      );
    await userEvent.click(find('button', 'More')!);
    await userEvent.click(find('[role="menuitem"]', 'Columns')!);
    for (const name of ['Self time', 'Status']) {
      await expect.poll(() => find('[role="dialog"] label', name)).toBeTruthy();
      await userEvent.click(find('[role="dialog"] label', name)!);
    }
    const headers = Array.from(viewer.shadowRoot!.querySelectorAll('[role="columnheader"]'), (each) =>
      each.getAttribute('aria-label'),
    );
    expect(headers).toContain('Self time');
    expect(headers).toContain('Status');
  });

  it('several on one page share nothing but the stylesheet', async () => {
    const [one, two] = [element(), element('<span-scope theme="dark"></span-scope>')];
    one.trace = plain;
    two.trace = services();
    await shown(one);
    await expect.poll(() => rowsOf(two).length).toBeGreaterThan(5);
    await userEvent.click(rowOf(one, 'first')!);
    expect(two.selectedSpanId).toBe(null);
    const ground = (viewer: SpanScopeElement) =>
      getComputedStyle(viewer.shadowRoot!.querySelector('[part~="view"]')!).backgroundColor;
    expect(ground(one)).not.toBe(ground(two));
    expect(one.shadowRoot!.adoptedStyleSheets[0]).toBe(two.shadowRoot!.adoptedStyleSheets[0]);
  });

  it("a page's resets do not reach in, its variables and parts do", async () => {
    const styleOf = (viewer: SpanScopeElement, selector: string) => {
      const style = getComputedStyle(viewer.shadowRoot!.querySelector(selector)!);
      return [
        style.display,
        style.padding,
        style.textTransform,
        style.letterSpacing,
        style.borderTopWidth,
        style.boxSizing,
      ];
    };
    const viewer = element();
    viewer.trace = plain;
    await shown(viewer);
    const before = ['[part~="view"]', '[part~="toolbar"]', '[part~="row"]', 'button'].map((each) =>
      styleOf(viewer, each),
    );
    const styles = document.createElement('style');
    styles.id = 'page-styles';
    styles.textContent = `
      * { box-sizing: content-box !important; padding: 7px !important; border: 9px solid red !important; display: inline !important; }
      body { text-transform: uppercase; letter-spacing: 5px; --spanscope-ground: rgb(1, 2, 3); }
      span-scope { all: revert !important; display: block !important; height: 560px !important; }
      span-scope::part(toolbar) { outline: 3px solid rgb(4, 5, 6); }`;
    document.head.append(styles);
    const after = ['[part~="view"]', '[part~="toolbar"]', '[part~="row"]', 'button'].map((each) =>
      styleOf(viewer, each),
    );
    expect(after).toEqual(before);
    expect(getComputedStyle(viewer.shadowRoot!.querySelector('[part~="view"]')!).backgroundColor).toBe('rgb(1, 2, 3)');
    expect(getComputedStyle(viewer.shadowRoot!.querySelector('[part~="toolbar"]')!).outlineColor).toBe('rgb(4, 5, 6)');
  });

  it('keeps what it shows when it is moved, and lets go when it is taken out', async () => {
    const viewer = element();
    viewer.trace = agentRun();
    await expect.poll(() => rowsOf(viewer).length).toBeGreaterThan(5);
    const first = viewer.shadowRoot!.querySelector('[part="row"]');
    const elsewhere = document.createElement('section');
    place.append(elsewhere);
    elsewhere.append(viewer);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(viewer.shadowRoot!.querySelector('[part="row"]')).toBe(first);
    viewer.remove();
    await expect.poll(() => rowsOf(viewer).length).toBe(0);
    place.append(viewer);
    await expect.poll(() => rowsOf(viewer).length).toBeGreaterThan(5);
  });
});
