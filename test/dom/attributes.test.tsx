import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AttributeValue, SpanDetails } from '../../src/index.ts';
import { detailedTrace } from '../detailedTrace.ts';

type Attributes = Record<string, AttributeValue>;

function renderAttributes(attributes: Attributes) {
  const trace = detailedTrace([{ id: 'span', details: { attributes } }]);
  return render(<SpanDetails trace={trace} defaultSelectedSpanId="span" onClose={onClose} />);
}

const onClose = vi.fn();

afterEach(() => {
  onClose.mockClear();
  delete (document as Partial<Document>).execCommand;
});

const section = () => screen.getByRole('button', { name: /^Attributes/ }).closest('section')!;
const keys = () => [...section().querySelectorAll('dt')].map((key) => key.textContent);

function field(key: string): HTMLElement {
  return [...section().querySelectorAll('dt')].find((each) => each.textContent === key)!
    .nextElementSibling as HTMLElement;
}

/** The rows of the tree on screen: two spaces a level, `-` before what is open, `+` before what is closed. */
function treeRows(): string {
  return screen
    .getAllByRole('treeitem')
    .map((row) => {
      const expanded = row.getAttribute('aria-expanded');
      const sign = expanded === 'true' ? '- ' : expanded === 'false' ? '+ ' : '';
      const text = [...row.children]
        .filter((part) => part.getAttribute('aria-hidden') !== 'true')
        .map((part) => part.textContent)
        .filter(Boolean)
        .join(' ');
      return `${'  '.repeat(Number(row.getAttribute('aria-level')) - 1)}${sign}${text}`;
    })
    .join('\n');
}

describe('the attributes of a span', () => {
  it('stand in the order of the file, each told by its type', () => {
    renderAttributes({
      zebra: 'text',
      count: 42,
      text: '42',
      yes: true,
      nothing: null,
      long: 9007199254740993123n,
      bytes: new Uint8Array([222, 173]),
      list: [],
    });
    expect(keys()).toEqual(['zebra', 'count', 'text', 'yes', 'nothing', 'long', 'bytes', 'list']);
    expect(keys().map((key) => field(key!).title)).toEqual([
      'string',
      'number',
      'string',
      'boolean',
      'null',
      'integer beyond 2^53',
      'bytes',
      'list',
    ]);
    expect(keys().map((key) => field(key!).textContent)).toEqual([
      'text',
      '42',
      '"42"',
      'true',
      'null',
      '9007199254740993123',
      '2 bytes de ad',
      '[]',
    ]);
  });

  it('can be filtered by key and value where there are more than eight', async () => {
    const user = userEvent.setup();
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`key.${at}`, `value ${at * 11}`]));
    renderAttributes({ ...many, nested: { city: 'Lisbon' } });
    const filter = screen.getByRole('searchbox', { name: 'Filter 10 attributes' });
    await user.type(filter, 'LISB');
    expect(keys()).toEqual(['nested']);
    expect(within(section()).getByText('1 of 10')).toBeInTheDocument();
    await user.clear(filter);
    await user.type(filter, 'key.7');
    expect(keys()).toEqual(['key.7']);
    await user.type(filter, 'x');
    expect(within(section()).getByText('No attribute has this in its key or value.')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    expect(keys()).toHaveLength(10);
    expect(onClose).not.toHaveBeenCalled();
    await user.keyboard('{Escape}');
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('have no filter where there are eight', () => {
    renderAttributes(Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`key.${at}`, at])));
    expect(screen.queryByRole('searchbox')).toBeNull();
  });

  it('show a hundred and then a hundred more', async () => {
    renderAttributes(Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`key.${at}`, at])));
    expect(keys()).toHaveLength(100);
    await userEvent.click(screen.getByRole('button', { name: 'Show 100 more of 150' }));
    expect(keys()).toHaveLength(200);
  });

  it('fold a long text, and open it in one step', async () => {
    const user = userEvent.setup();
    const text = Array.from({ length: 2000 }, (_, at) => `line ${at}`).join('\n');
    renderAttributes({ prompt: text });
    expect(field('prompt').textContent).toContain('line 5');
    expect(field('prompt').textContent).not.toContain('line 6');
    await user.click(screen.getByRole('button', { name: `Show all (${text.length.toLocaleString('en')} characters)` }));
    expect(field('prompt').textContent).toContain(text);
    await user.click(screen.getByRole('button', { name: 'Show less' }));
    expect(field('prompt').textContent).not.toContain('line 6');
  });

  it('put no more than 100,000 characters of 3 MB into the document at each step', async () => {
    const user = userEvent.setup();
    renderAttributes({ blob: 'x'.repeat(3_000_000) });
    expect(field('blob').textContent!.length).toBeLessThan(1000);
    await user.click(screen.getByRole('button', { name: 'Show 100,000 of 3,000,000 characters' }));
    expect(field('blob').textContent!.length).toBeLessThan(101_000);
    await user.click(screen.getByRole('button', { name: 'Show 100,000 more (100,000 of 3,000,000 characters shown)' }));
    expect(field('blob').textContent!.length).toBeGreaterThan(200_000);
    expect(field('blob').textContent!.length).toBeLessThan(201_000);
  });

  it('are links where they are web addresses, and never anything that runs', () => {
    renderAttributes({
      url: 'https://example.com/a?b',
      evil: 'javascript:alert(1)',
      html: '<img src=x onerror=alert(1)>',
    });
    const links = screen.getAllByRole('link');
    expect(links).toHaveLength(1);
    expect(links[0]).toHaveAttribute('href', 'https://example.com/a?b');
    expect(links[0]).toHaveAttribute('target', '_blank');
    expect(links[0]).toHaveAttribute('rel', 'noopener noreferrer');
    expect(section().querySelector('img')).toBeNull();
    expect(field('html')).toHaveTextContent('<img src=x onerror=alert(1)>');
  });

  it('take the direction of what they say', () => {
    renderAttributes({ note: 'מצא את הטיסה' });
    expect(within(field('note')).getByText('מצא את הטיסה')).toHaveAttribute('dir', 'auto');
  });
});

describe('a value that is an object, or a text that holds one', () => {
  const search = { query: 'Oslo', filters: { direct: true, airlines: ['TP'] }, prices: Array(50).fill(1) };

  it('is a tree, open as far as it is small', () => {
    renderAttributes({ arguments: JSON.stringify(search) });
    expect(screen.getByRole('tree', { name: 'arguments' })).toBeInTheDocument();
    expect(treeRows()).toBe(
      `
query "Oslo"
- filters 2 keys
  direct true
  - airlines 1 item
    0 "TP"
+ prices [1, 1, 1, 1, 1, …]`.trim(),
    );
  });

  it('switches to its raw text and back', async () => {
    const user = userEvent.setup();
    renderAttributes({ arguments: '{"b":1,   "a":2}' });
    const raw = screen.getByRole('button', { name: 'Show arguments as raw text' });
    expect(raw).toHaveAttribute('aria-pressed', 'false');
    await user.click(raw);
    expect(screen.queryByRole('tree')).toBeNull();
    expect(field('arguments')).toHaveTextContent('{"b":1, "a":2}');
    await user.click(raw);
    expect(screen.getByRole('tree')).toBeInTheDocument();
  });

  it('is text where it only looks like JSON', () => {
    renderAttributes({ note: '{not json}' });
    expect(screen.queryByRole('tree')).toBeNull();
    expect(screen.queryByRole('button', { name: /raw/ })).toBeNull();
    expect(field('note')).toHaveTextContent('{not json}');
  });

  it('is walked by the keys of a tree', async () => {
    const user = userEvent.setup();
    renderAttributes({ arguments: search });
    const items = () => screen.getAllByRole('treeitem');
    expect(items().map((item) => item.tabIndex)).toEqual([0, -1, -1, -1, -1, -1]);
    items()[0]!.focus();
    await user.keyboard('{ArrowDown}');
    expect(items()[1]).toHaveFocus();
    await user.keyboard('{ArrowLeft}');
    expect(treeRows()).toBe('query "Oslo"\n+ filters {direct: true, airlines: […]}\n+ prices [1, 1, 1, 1, 1, …]');
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(items()[2]).toHaveFocus();
    await user.keyboard('{ArrowLeft}');
    expect(items()[1]).toHaveFocus();
    await user.keyboard('{End}{Enter}');
    expect(items()).toHaveLength(56);
    expect(items()[5]).toHaveFocus();
    await user.keyboard('{Home}');
    expect(items()[0]).toHaveFocus();
    expect(items().filter((item) => item.tabIndex === 0)).toHaveLength(1);
  });

  it('opens a node by a click, and draws of many entries those in sight', async () => {
    const user = userEvent.setup();
    renderAttributes({ result: { flights: Array.from({ length: 250 }, (_, at) => at) } });
    await user.click(screen.getByText('flights'));
    const items = screen.getAllByRole('treeitem');
    expect(items.length).toBeLessThan(60);
    expect(items[1]).toHaveAttribute('aria-setsize', '250');
    await user.keyboard('{End}');
    const last = screen.getAllByRole('treeitem').at(-1)!;
    expect(last).toHaveAttribute('aria-posinset', '250');
    expect(last).toHaveFocus();
    expect(screen.getAllByRole('treeitem').length).toBeLessThan(60);
    await user.keyboard('{ArrowLeft}');
    expect(screen.getByRole('treeitem', { expanded: true })).toHaveFocus();
  });

  it('shows a long text of a large value below its rows', async () => {
    const user = userEvent.setup();
    const text = `${'word '.repeat(200)}end`;
    renderAttributes({ result: { text, flights: Array.from({ length: 250 }, (_, at) => at) } });
    const row = screen.getAllByRole('treeitem')[0]!;
    expect(row).toHaveAttribute('aria-expanded', 'false');
    row.focus();
    await user.keyboard('{Enter}');
    const reader = screen.getByRole('region', { name: 'Text of text' });
    expect(reader).toHaveTextContent(text);
    expect(row).toHaveAttribute('aria-expanded', 'true');
    await user.click(within(reader).getByRole('button', { name: 'Close the text' }));
    expect(screen.queryByRole('region', { name: 'Text of text' })).toBeNull();
  });

  it('leads from match to match of a search in a hundred thousand entries', async () => {
    const user = userEvent.setup();
    const many = Array.from({ length: 100_000 }, (_, at) => (at % 33_333 === 1 ? `needle ${at}` : at));
    renderAttributes({ result: { many } });
    await user.type(screen.getByRole('searchbox', { name: 'Search in result' }), 'needle');
    expect(await screen.findByText('"needle 1"')).toBeInTheDocument();
    // Before all are found, Enter goes around among those that are.
    expect(await screen.findByText(/^1 of 3$/)).toBeInTheDocument();
    await user.keyboard('{Enter}{Enter}');
    expect(await screen.findByText('"needle 66667"')).toBeInTheDocument();
    expect(screen.getAllByRole('treeitem').length).toBeLessThan(60);
  });

  it('shows a long text within it whole when asked by key', async () => {
    const user = userEvent.setup();
    const text = 'word '.repeat(200);
    renderAttributes({ message: { content: text } });
    const row = screen.getByRole('treeitem');
    expect(row).not.toHaveTextContent(text.trim());
    row.focus();
    await user.keyboard('{Enter}');
    expect(row.textContent).toContain(text);
    await user.keyboard('{Enter}');
    expect(row.textContent).not.toContain(text);
  });

  it('of 5,000 levels is drawn by its first few', () => {
    renderAttributes({ deep: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` });
    expect(screen.getAllByRole('treeitem').length).toBeLessThan(20);
  });
});

describe('copying', () => {
  const said = () => screen.getAllByRole('status').at(-1);

  /** What the page has for a clipboard; user-event puts its own there. */
  function withClipboard(clipboard: Partial<Clipboard> | undefined) {
    Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
  }

  it('puts a value or its key on the clipboard and says so', async () => {
    const user = userEvent.setup();
    renderAttributes({ answer: { a: [1, 2] } });
    await user.click(screen.getByRole('button', { name: 'Copy the value of answer' }));
    expect(await navigator.clipboard.readText()).toBe('{\n  "a": [\n    1,\n    2\n  ]\n}');
    expect(said()).toHaveTextContent('Copied');
    await user.click(screen.getByRole('button', { name: 'Copy the key answer' }));
    expect(await navigator.clipboard.readText()).toBe('answer');
    await user.click(screen.getByRole('button', { name: 'Copy attributes as JSON' }));
    expect(JSON.parse(await navigator.clipboard.readText())).toEqual({ answer: { a: [1, 2] } });
    await user.click(screen.getByRole('button', { name: 'Copy trace id' }));
    expect(await navigator.clipboard.readText()).toBe('trace-1');
  });

  it('copies the row of a tree by Ctrl+C', async () => {
    const user = userEvent.setup();
    renderAttributes({ answer: { city: 'Lisbon', other: 1 } });
    screen.getAllByRole('treeitem')[0]!.focus();
    await user.keyboard('{Control>}c{/Control}');
    expect(await navigator.clipboard.readText()).toBe('Lisbon');
  });

  it('falls back to the old command where the page has no clipboard', async () => {
    const user = userEvent.setup();
    withClipboard(undefined);
    let copied = '';
    document.execCommand = () => {
      copied = (document.activeElement as HTMLTextAreaElement).value;
      return true;
    };
    renderAttributes({ answer: 'Lisbon' });
    const button = screen.getByRole('button', { name: 'Copy the value of answer' });
    await user.click(button);
    expect(copied).toBe('Lisbon');
    expect(said()).toHaveTextContent('Copied');
    expect(document.querySelector('textarea')).toBeNull();
    expect(button).toHaveFocus();
  });

  it('says when it failed', async () => {
    const user = userEvent.setup();
    withClipboard({ writeText: () => Promise.reject(new DOMException('refused', 'NotAllowedError')) });
    renderAttributes({ answer: 'Lisbon' });
    await user.click(screen.getByRole('button', { name: 'Copy the value of answer' }));
    expect(said()).toHaveTextContent(/^Not copied/);
  });
});
