import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseTraces, type Trace, toHtml } from '../../../src/core.ts';
import { randomTrace } from '../../randomTrace.ts';
import { contentOf } from '../../traceContent.ts';
import { traceFromText } from '../../traceFromText.ts';

function packedIn(html: string): Buffer {
  const [, base64 = ''] = /id="spanscope-trace">([\w+/=]*)<\/script>/.exec(html) ?? [];
  return gunzipSync(Buffer.from(base64, 'base64'));
}

const page = (traces: Trace | Trace[], options: Partial<Parameters<typeof toHtml>[1]> = {}) =>
  toHtml(traces, { viewerScript: 'void 0;', nonce: 'abc', ...options });

describe('toHtml', () => {
  it('holds every trace whole', () => {
    for (let seed = 0; seed < 60; seed++) {
      const trace = randomTrace(seed);
      const { traces } = parseTraces(packedIn(page(trace)));
      expect(contentOf(traces[0]!), `seed ${seed}`).toEqual(contentOf(trace));
    }
  });

  it('holds more spans than are written at once, and several traces', () => {
    const lines = Array.from({ length: 1_501 }, (_, place) => `s${place} [${place} ${place + 1}]`);
    const many = traceFromText(lines.join('\n'));
    const other = parseTraces({ trace_id: 'other', spans: [{ span_id: 'a', name: 'a', start_time: 0, end_time: 1 }] })
      .traces[0]!;
    const { traces } = parseTraces(packedIn(page([many, other])));
    expect(traces.map(({ spanCount }) => spanCount)).toEqual([1_501, 1]);
    expect(contentOf(traces[0]!)).toEqual(contentOf(many));
  });

  it("keeps within its elements whatever the viewer's script, the title and the options hold", () => {
    const hostile = '</ScRipt><!-- <script>"\'&';
    const html = page(traceFromText('a [0 1]'), {
      viewerScript: `const text = ${JSON.stringify(hostile)};`,
      title: `${hostile}</title>`,
      selectedSpanId: `"><script>${hostile}`,
    });
    expect(html.match(/<\/script/gi)?.length).toBe(3);
    expect(html.match(/<script/gi)?.length).toBe(3 + 1); // the fourth stands in a script's text, where it opens nothing
    expect(html).not.toContain('<!--');
    const [, script = ''] = /<script nonce="abc">(const text[\s\S]*?)<\/script>/.exec(html) ?? [];
    // biome-ignore lint/security/noGlobalEval: what stands in the page has to say the same as what was given
    expect(eval(`${script} text`)).toBe(hostile);
  });

  it('has a nonce that nobody can guess, and the same page twice where one is given', () => {
    const trace = traceFromText('a [0 1]');
    const nonceOf = (html: string) => /script-src 'nonce-([^']+)'/.exec(html)![1]!;
    const random = [0, 1].map(() => nonceOf(toHtml(trace, { viewerScript: 'void 0;' })));
    expect(random[0]).toMatch(/^[\w+/]{24}$/);
    expect(random[0]).not.toBe(random[1]);
    expect(nonceOf(page(trace))).toBe('abc');
    const [, base64 = ''] = /id="spanscope-trace">([^<]*)</.exec(page(trace))!;
    // Where gzip keeps the hour at which it was packed.
    expect([...Buffer.from(base64, 'base64').subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  it('says what is missing where there is no script', () => {
    expect(() => toHtml(traceFromText('a [0 1]'), {} as never)).toThrow(
      /needs the viewer’s script: read the file of `spanscope\/standalone`/,
    );
  });
});
