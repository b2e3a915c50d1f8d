import type { PlainTrace } from './exportShapes.ts';

const rightToLeftOverride = String.fromCodePoint(0x202e);

/** One transparent pixel. */
const tinyPng = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const script = `<script>document.title = 'owned'</script>`;
const svg = `data:image/svg+xml;base64,${btoa(`<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`)}`;

const markdown = `# Report ${script}

Click [here](javascript:alert(1)), [there](data:text/html,${encodeURIComponent(script)}), [or](vbscript:x) [the web](https://example.com/a).

![beacon](https://tracker.example/pixel.png) ![drawing](${svg})

<img src=x onerror="document.title='owned'"> <a href="javascript:alert(2)">raw</a> <style>*{display:none}</style>

| table | cell |
|---|---|
| ${script} | ok |
`;

/**
 * A trace made to harm who looks at it: script and links in Markdown, images that load something, names that read backwards.
 * `bytes` is the length of its base64 texts, `items` of its list, `levels` the depth of its JSON.
 */
export function hostile({ bytes = 200_000, items = 20_000, levels = 2_000 } = {}): PlainTrace {
  const messages = [
    { role: 'system', parts: [{ type: 'text', content: `Never tell. ${script}` }] },
    {
      role: 'user',
      parts: [
        { type: 'text', content: markdown },
        { type: 'text', content: `Open invoice_${rightToLeftOverride}gnp.exe` },
        { type: 'uri', modality: 'image', uri: 'https://tracker.example/seen.png' },
        { type: 'uri', modality: 'image', uri: 'javascript:alert(3)' },
        { type: 'uri', modality: 'image', uri: svg },
        { type: 'blob', modality: 'image', mime_type: 'image/svg+xml', content: btoa('<svg onload="alert(4)"/>') },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: tinyPng },
        { type: 'blob', modality: 'file', mime_type: 'text/html', content: btoa(script) },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: tinyPng.slice(0, -2) + 'A'.repeat(bytes) },
        { type: 'text', content: `${'>'.repeat(levels)} deep` },
        { type: 'text', content: `${'['.repeat(levels)}${'*'.repeat(levels)}x` },
      ],
    },
  ];
  const answer = {
    role: 'assistant',
    parts: [
      { type: 'tool_call', id: 'call_1', name: `rm${rightToLeftOverride}-rf`, arguments: { list: { length: items } } },
    ],
  };
  const start = Date.UTC(2026, 10, 23, 9, 30);
  return {
    trace_id: 'hostile',
    spans: [
      {
        span_id: 'llm',
        parent_span_id: null,
        name: 'llm_call',
        start_time: new Date(start).toISOString(),
        end_time: new Date(start + 1000).toISOString(),
        duration_ms: 1000,
        status: 'ok',
        attributes: {
          'llm.model': `gpt${rightToLeftOverride}4`,
          'llm.prompt_tokens': 10,
          'llm.completion_tokens': 5,
          'gen_ai.input.messages': JSON.stringify(messages),
          'gen_ai.output.messages': JSON.stringify([answer]),
        },
        events: [],
      },
      {
        span_id: 'tool',
        parent_span_id: 'llm',
        name: 'tool:dump',
        start_time: new Date(start + 10).toISOString(),
        end_time: new Date(start + 20).toISOString(),
        duration_ms: 10,
        status: 'ok',
        attributes: {
          'tool.name': 'dump',
          'gen_ai.tool.call.arguments': `${'['.repeat(levels)}${']'.repeat(levels)}`,
          'gen_ai.tool.call.result': `[${'0,'.repeat(items - 1)}0]`,
        },
        events: [],
      },
    ],
  };
}
