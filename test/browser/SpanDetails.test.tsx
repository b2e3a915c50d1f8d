import 'spanscope/styles.css';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { SpanDetails } from '../../src/index.ts';
import { detailedTrace, unixNanoAt } from '../detailedTrace.ts';

const stack = Array.from(
  { length: 80 },
  (_, at) => `  at frame${at} (/srv/app/node_modules/some/long/path/index.js:${at})`,
);

const trace = detailedTrace(
  [
    {
      id: '5f3a9c01de4b77025f3a9c01de4b7702',
      name: `GET https://api.example.com/${'v1/flights/search/'.repeat(20)}`,
      status: 'error',
      details: {
        statusMessage: 'x'.repeat(300),
        attributes: {
          'gen_ai.request.model': 'gpt-4.1',
          'a.key.of.many_segments.that_goes_on.and_on.until_it.does_not_fit': 1,
          [`unbroken${'k'.repeat(200)}`]: 'v'.repeat(80),
          'url.full': `https://example.com/${'path'.repeat(60)}`,
          deep: `${'{"level":'.repeat(40)}"${'word'.repeat(60)}"${'}'.repeat(40)}`,
          'prompt.text': Array.from({ length: 300 }, (_, at) => `line ${at}`).join('\n'),
          bytes: new Uint8Array(200),
        },
        events: [
          {
            name: 'exception',
            timeUnixNano: unixNanoAt(5),
            attributes: { 'exception.type': 'E'.repeat(120), 'exception.stacktrace': stack.join('\n') },
          },
        ],
        links: [{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), attributes: {} }],
      },
    },
  ],
  { reasons: ['r'.repeat(200)] },
);

function renderAt(width: number, { fontSize = '', height = 400 } = {}) {
  render(
    <div style={{ width, height }}>
      <SpanDetails trace={trace} defaultSelectedSpanId={trace.spanAt(0).key} onClose={() => {}} style={{ fontSize }} />
    </div>,
  );
  return screen.getByRole('region');
}

/** What reaches past the inline end of the region, apart from what scrolls by itself. */
function sticksOut(region: HTMLElement): string[] {
  const { right } = region.getBoundingClientRect();
  return [...region.querySelectorAll('*')]
    .filter((element) => !element.closest('.spanscope-stack, .spanscope-visually-hidden, .spanscope-json-preview'))
    .filter((element) => element.getBoundingClientRect().right > right + 0.5)
    .map((element) => element.className || element.tagName);
}

const cells = (key: string) => {
  const name = [...document.querySelectorAll('dt')].find((each) => each.textContent === key)!;
  return { key: name.getBoundingClientRect(), value: name.nextElementSibling!.getBoundingClientRect() };
};

const added: HTMLElement[] = [];

afterEach(() => {
  for (const element of added.splice(0)) element.remove();
});

describe('SpanDetails in its container', () => {
  it.each([
    [280, ''],
    [400, ''],
    [1200, ''],
    [280, '26px'],
  ])('fits %i px with text of %s, with everything open', async (width, fontSize) => {
    const region = renderAt(width, { fontSize });
    for (const button of screen.getAllByRole('button', { expanded: false })) await userEvent.click(button);
    for (const button of screen.getAllByRole('button', { name: /^Show all/ })) await userEvent.click(button);
    expect(region.scrollWidth).toBe(region.clientWidth);
    expect(sticksOut(region)).toEqual([]);
  });

  it('puts values beside their keys, in one column through all sections', () => {
    renderAt(440);
    const wide = cells('gen_ai.request.model');
    expect(wide.value.top).toBe(wide.key.top);
    expect(wide.value.left).toBe(cells('Duration').value.left);
  });

  it('puts values below their keys where it is narrow', () => {
    renderAt(320);
    const narrow = cells('gen_ai.request.model');
    expect(narrow.value.top).toBeGreaterThanOrEqual(narrow.key.bottom);
    expect(narrow.value.left).toBe(narrow.key.left);
  });

  it('scrolls within its container, the name always in sight', () => {
    const region = renderAt(400);
    expect(region.getBoundingClientRect().height).toBe(400);
    expect(region.scrollHeight).toBeGreaterThan(800);
    region.scrollTop = 300;
    const { top } = screen.getByRole('heading', { level: 2 }).getBoundingClientRect();
    expect(top - region.getBoundingClientRect().top).toBeLessThan(20);
  });

  it('grows with what it shows where the page gives it no height', () => {
    const { container } = render(<SpanDetails trace={trace} defaultSelectedSpanId={trace.spanAt(0).key} />);
    const region = container.querySelector('.spanscope-details')!;
    expect(region.scrollHeight).toBe(region.clientHeight);
    expect(region.scrollHeight).toBeGreaterThan(800);
  });

  it('looks the same on a page whose unlayered reset gives lists and headings margins and sizes of their own', () => {
    renderAt(400);
    const places = () =>
      [...document.querySelectorAll('h2, h3, p, dt, dd, li')].map((each) => each.getBoundingClientRect().top);
    const before = places();
    const reset = document.createElement('style');
    reset.textContent = `
      h2, h3 { margin: 0 0 .5rem; font-size: 2rem; font-weight: 500; line-height: 1.2; }
      p, ul, ol, dl { margin: 0 0 1rem; } ul, ol { padding-left: 2rem; list-style: disc; }
      dt { font-weight: 700; } dd { margin: 0 0 .5rem 2.5rem; }`;
    document.head.append(reset);
    added.push(reset);
    expect(places()).toEqual(before);
  });
});
