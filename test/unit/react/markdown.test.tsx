import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { textDiff } from '../../../src/react/diffTexts.ts';
import { MarkdownBody, markdownTree } from '../../../src/react/MarkdownBody.tsx';
import { visibleText } from '../../../src/react/visibleText.ts';

function html(markdown: string): string {
  return renderToStaticMarkup(
    <MarkdownBody tree={markdownTree(markdown)!} renderImage={({ url, alt }) => `[image ${alt} ${url}]`} />,
  );
}

describe('Markdown', () => {
  it('becomes elements', () => {
    const shown = html('# Title\n\nSome **bold** and `code`.\n\n- one\n- [x] two\n\n| a |\n|--:|\n| 1 |\n\n~~old~~');
    for (const part of ['<strong>bold</strong>', '<code dir="ltr">code</code>', '<li', '☑', '<th', '<del>old</del>']) {
      expect(shown).toContain(part);
    }
    expect(shown).toContain('data-align="right"');
    expect(shown).not.toMatch(/<h\d|\sstyle=/);
  });

  it('leaves HTML as the text that it is', () => {
    const shown = html('Hi <script>alert(1)</script> <img src=x onerror=alert(1)>\n\n<div onclick="x">\n</div>\n');
    expect(shown).not.toMatch(/<(script|img|div (?!class))/);
    expect(shown).toContain('&lt;script&gt;');
    expect(shown).toContain('onerror=alert(1)');
  });

  it('links to web and mail addresses, and tells all others', () => {
    const shown = html(
      '[a](https://example.com) [b](javascript:alert(1)) [c](data:text/html,x) [d](<java&#x73;cript:x>) [e][r] www.example.org\n\n[r]: vbscript:x',
    );
    expect([...shown.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://example.com/',
      'http://www.example.org/',
    ]);
    expect(shown).toContain('(javascript:alert(1))');
    expect(shown).toContain('rel="noopener noreferrer nofollow"');
  });

  it('hands images to its caller and loads none', () => {
    expect(html('![pixel](https://tracker.example/p.png)')).toContain('[image pixel https://tracker.example/p.png]');
  });

  it('that nests too deep is not parsed', () => {
    const deep = ['>'.repeat(5000), '*'.repeat(5000), '['.repeat(5000), '- '.repeat(5000), '~'.repeat(200)];
    for (const text of deep) expect(markdownTree(`${text} x`)).toBeUndefined();
    let quoted = 'x';
    for (let level = 0; level < 60; level++) quoted = `> ${quoted}`;
    expect(markdownTree(quoted)).toBeUndefined();
    expect(markdownTree('> > quoted\n\n- a\n  - b')).toBeDefined();
  });
});

it('characters that reorder or hide text are shown as their code', () => {
  expect(visibleText('invoice_\u202egnp.exe')).toBe('invoice_[U+202E]gnp.exe');
  expect(visibleText('a\u2066b\u2069\u{e0041}')).toBe('a[U+2066]b[U+2069][U+E0041]');
  expect(visibleText('עברית and 👩‍👩‍👧')).toBe('עברית and 👩‍👩‍👧');
});

describe('a text diff', () => {
  it('tells words added and removed', () => {
    expect(textDiff('the old plan', 'the new plan')).toEqual([
      { kind: 'same', text: 'the ' },
      { kind: 'removed', text: 'old' },
      { kind: 'added', text: 'new' },
      { kind: 'same', text: ' plan' },
    ]);
  });

  it('goes by lines where texts are long', () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `line ${at}`);
    const changed = [...lines];
    changed[1000] = 'another line';
    const parts = textDiff(lines.join('\n'), changed.join('\n'))!;
    expect(parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
  });
});
