import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { hostile } from '../../samples/index.ts';
import { SpanDetails, Transcript } from '../../src/index.ts';

/** Nothing in the document may run, load or lead anywhere but to the web. */
function expectHarmless(root: HTMLElement) {
  expect(root.querySelector('script, iframe, object, embed, form, style, link, base, meta')).toBeNull();
  expect(root.querySelector('[style]:not([style=""])')).toBeNull();
  for (const element of root.querySelectorAll('*')) {
    for (const { name } of element.attributes) expect(name).not.toMatch(/^on/);
  }
  for (const link of root.querySelectorAll('[href]')) {
    expect(link.getAttribute('href')).toMatch(/^https?:/);
    expect(link.getAttribute('rel')).toContain('noopener');
  }
  for (const loaded of root.querySelectorAll('[src], [srcset], [data], [poster], [background]')) {
    expect(loaded.getAttribute('src')).toMatch(/^data:(image\/png|audio\/)/);
  }
}

it('shows hostile messages as text: no script, no harmful link, nothing loaded', async () => {
  const { container } = render(<SpanDetails trace={hostile()} defaultSelectedSpanId="llm" />);
  await waitFor(() => expect(container.querySelector('.spanscope-markdown')).not.toBeNull());
  expectHarmless(container);
  expect(container).toHaveTextContent("<script>document.title = 'owned'</script>");
  expect(container).toHaveTextContent('(javascript:alert(1))');
  expect(screen.getByRole('link', { name: 'the web' })).toHaveAttribute('href', 'https://example.com/a');
  // Of what lies on the web only the address is told.
  expect(screen.getAllByText('not loaded').length).toBeGreaterThan(0);
  expect(container.querySelectorAll('img')).toHaveLength(2);
});

it('loads images of the web only where the caller allows it', async () => {
  const { container } = render(<SpanDetails trace={hostile()} defaultSelectedSpanId="llm" allowRemoteMedia />);
  await waitFor(() => expect(container.querySelector('.spanscope-markdown')).not.toBeNull());
  const sources = [...container.querySelectorAll('img')].map((image) => image.getAttribute('src')!);
  expect(sources).toContain('https://tracker.example/seen.png');
  expect(sources.filter((source) => !/^(https:|data:image\/png)/.test(source))).toEqual([]);
  for (const image of container.querySelectorAll('img')) {
    expect(image).toHaveAttribute('referrerpolicy', 'no-referrer');
  }
});

it('shows characters that turn the order of a text as what they are', () => {
  const { container } = render(<SpanDetails trace={hostile()} defaultSelectedSpanId="llm" />);
  expect(container).toHaveTextContent('invoice_[U+202E]gnp.exe');
  expect(container).toHaveTextContent('rm[U+202E]-rf');
});

it('lets ten megabytes of base64 wait for somebody who asks for them', async () => {
  const user = userEvent.setup();
  render(<SpanDetails trace={hostile({ bytes: 10_000_000 })} defaultSelectedSpanId="llm" />);
  const ask = screen.getByRole('button', { name: 'Show Image (7.5 MB)' });
  const before = document.querySelectorAll('img').length;
  await user.click(ask);
  expect(document.querySelectorAll('img').length).toBe(before + 1);
});

it('shows a million items and JSON of a hundred thousand levels a little at a time', () => {
  const trace = hostile({ items: 1_000_000, levels: 100_000 });
  const { container } = render(<SpanDetails trace={trace} defaultSelectedSpanId="tool" />);
  expect(container.querySelectorAll('*').length).toBeLessThan(3000);
  expect(screen.getByRole('region')).toHaveTextContent('dump');
});

it('reads the same as a transcript, and is as harmless there', async () => {
  const { container } = render(<Transcript trace={hostile()} />);
  await waitFor(() => expect(container.querySelector('.spanscope-markdown')).not.toBeNull());
  expectHarmless(container);
  expect(within(container).getAllByText(/rm\[U\+202E\]-rf/).length).toBeGreaterThan(0);
});
