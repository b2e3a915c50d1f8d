import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { agentRun as agentRunSample } from '../../../samples/index.ts';
import { parseTraces, toMarkdown } from '../../../src/core.ts';
import { corpusFile, corpusNote, hasCorpus } from '../../corpus.ts';
import { randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

function nodesOf(markdown: string): Node[] {
  const open: Node[] = [fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node];
  const nodes: Node[] = [];
  for (let node = open.pop(); node; node = open.pop()) {
    nodes.push(node);
    open.push(...(node.children ?? []));
  }
  return nodes;
}

const hostileNames = [
  '# heading',
  '@somebody #12 https://evil.example',
  '[a](javascript:alert(1))',
  '<img src=x onerror=alert(1)>',
  'a | b',
  'a`b``c',
  '`',
  'line\nbreak\n\n- item',
  '\u202egnp.exe',
  '***',
];

describe('toMarkdown', () => {
  it('tells outcome, time, the first error and the spans that took longest', () => {
    const trace = traceFromText(
      `
        session [0 1000] error
          llm_call [0 500] ok
          tool:search [500 900] error
      `,
      { unit: 1e6 },
    );
    const [head, table, error, ...rest] = toMarkdown(trace).split('\n\n');
    expect(head).toBe('### `session` failed');
    expect(table!.split('\n')).toEqual([
      '|  |  |',
      '| --- | --- |',
      `| Trace | \`${trace.traceId}\` |`,
      '| Spans | 3, 2 with an error |',
      expect.stringMatching(/^\| Started \| \d{4}-/),
      '| Duration | 1 s |',
      ...table!.split('\n').slice(6),
    ]);
    expect(error).toContain('**First error** in `tool:search`');
    const slowest = rest.at(-1)!.split('\n').slice(2);
    expect(slowest).toEqual([
      '| `llm_call` | 500 ms | 50 % | 500 ms |',
      '| `tool:search` | 400 ms | 40 % | 400 ms, error |',
      '| `session` | 100 ms | 10 % | 1 s, error |',
    ]);
  });

  it("tells an agent's models, tokens, cost and iterations", () => {
    const [trace] = parseTraces(agentRunSample()).traces;
    const text = toMarkdown(trace!);
    expect(text).toMatch(/\| Tokens \| [\d,]+ \([\d,]+ in, [\d,]+ out\) \|/);
    expect(text).toMatch(/\*\*Iterations\*\* \(\d+/);
    expect(text).toMatch(/\| Calls \| \d+ of models, \d+ of tools \|/);
  });

  it('keeps hostile names in code: no link, no mention, no HTML, no line or cell of their own', () => {
    for (const name of hostileNames) {
      const spans = [
        { span_id: 'a', name, start_time: 0, end_time: 2, status: 'error', status_message: `\`\`\`\n${name}` },
        {
          span_id: 'b',
          parent_span_id: 'a',
          name: 'child',
          start_time: 0,
          end_time: 1,
          attributes: { 'service.name': name },
        },
      ];
      const nodes = nodesOf(toMarkdown(parseTraces({ trace_id: name, spans }).traces[0]!));
      const types = new Set(nodes.map(({ type }) => type));
      for (const type of ['link', 'html', 'image', 'emphasis', 'list', 'thematicBreak'])
        expect(types, name).not.toContain(type);
      expect(nodes.filter(({ type }) => type === 'heading').length, name).toBe(1);
      const plain = nodes.filter(({ type }) => type === 'text').map(({ value }) => value);
      expect(plain.join(' '), name).not.toMatch(/evil|javascript|onerror|@/);
      if (name === 'a | b')
        expect(nodes.filter(({ type, value }) => type === 'inlineCode' && value === name).length).toBe(5);
      const cells = nodes.filter(({ type }) => type === 'tableRow').map(({ children }) => children!.length);
      expect(new Set(cells), name).toEqual(new Set([2, 4]));
    }
  });

  it('is one heading and whole tables for any trace', () => {
    for (let seed = 0; seed < 100; seed++) {
      const nodes = nodesOf(toMarkdown(randomTrace(seed)));
      expect(nodes.filter(({ type }) => type === 'heading').length, `seed ${seed}`).toBe(1);
      expect(
        nodes.some(({ type }) => type === 'html' || type === 'link'),
        `seed ${seed}`,
      ).toBe(false);
    }
  });

  it.skipIf(!hasCorpus)(`cuts what is long, in a real run${corpusNote}`, () => {
    const [trace] = parseTraces(corpusFile('jaeger/packetpanic-agent-traces.json')).traces;
    expect(toMarkdown(trace!).length).toBeLessThan(8000);
  });
});
