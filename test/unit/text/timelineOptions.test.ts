import { describe, expect, it } from 'vitest';
import { parseTraces } from '../../../src/core.ts';
import { textWidth } from '../../../src/text/printableText.ts';
import { toTimeline } from '../../../src/text/timeline.ts';
import { randomTrace } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

const millisecond = 1e6;
const trace = traceFromText(
  `
    session [0 1000]
      llm_call [0 500] ok
        generate [100 400] ok
      tool:search [500 1000] error
        fetch [600 700]
  `,
  { unit: millisecond },
);

describe("toTimeline's options", () => {
  it('a line width gives one line a span, in columns', () => {
    expect(toTimeline(trace, { lineWidth: 50 })).toBe(
      dedent(`
        ? session      |========================| 1000.0ms
         + llm_call    |============            |  500.0ms
          + generate   |  =======               |  300.0ms
         x tool:search |            ============|  500.0ms
          ? fetch      |              ==        |  100.0ms
      `),
    );
  });

  it('no line of any trace passes the line width, and each has its span', () => {
    for (let seed = 0; seed < 150; seed++) {
      const random = randomTrace(seed);
      if (random.spanCount === 0) continue;
      for (const unicode of [false, true]) {
        const lines = toTimeline(random, { roots: 'all', lineWidth: 60, unicode }).split('\n');
        expect(lines.length, `seed ${seed}`).toBe(random.spanCount);
        for (const line of lines) expect(textWidth(line), `seed ${seed}: ${line}`).toBeLessThanOrEqual(60);
      }
    }
  });

  it('cuts long names, and counts wide characters as two cells', () => {
    const [long] = parseTraces({
      trace_id: 't',
      spans: [{ span_id: 'a', name: '搜索'.repeat(40), start_time: 0, end_time: 1 }],
    }).traces;
    expect(toTimeline(long!, { lineWidth: 40 })).toBe('? 搜索搜索搜索搜~  |==========| 1000.0ms');
  });

  it('unicode draws blocks to an eighth and other icons', () => {
    expect(toTimeline(trace, { unicode: true, width: 5 })).toBe(
      dedent(`
        · session [1000.0ms]
         |█████|
         ✓ llm_call [500.0ms]
          |██▌|
          ✓ generate [300.0ms]
           |▐█|
         ✗ tool:search [500.0ms]
          |  ▐██|
          · fetch [100.0ms]
           |   ▌|
      `),
    );
  });

  it('depth leaves deeper levels out and counts them', () => {
    expect(toTimeline(trace, { depth: 2, width: 4 })).toBe(
      dedent(`
        ? session [1000.0ms]
         |====|
         + llm_call (+1 below) [500.0ms]
          |==|
         x tool:search (+1 below) [500.0ms]
          |  ==|
      `),
    );
  });

  it('a filter keeps what matches and what stands above it, in all trees', () => {
    expect(toTimeline(trace, { filter: 'name:fetch', width: 4 })).toBe(
      dedent(`
        ? session [1000.0ms]
         |====|
         x tool:search [500.0ms]
          |  ==|
          ? fetch [100.0ms]
           |  =|
        (3 of 5 spans)
      `),
    );
    expect(toTimeline(trace, { filter: 'status:error', depth: 1, width: 4 })).toBe(
      '? session (+1 below) [1000.0ms]\n |====|\n(1 of 5 spans)',
    );
    expect(toTimeline(trace, { filter: 'nothing' })).toBe('No span matches');
    expect(() => toTimeline(trace, { filter: 'duration>' })).toThrow(
      /The filter “duration>” cannot be understood, at character/,
    );
  });

  it('colour goes around what stands there without it', () => {
    const colored = toTimeline(trace, { color: true, lineWidth: 60 });
    expect(colored).toContain('\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(toTimeline(trace, { lineWidth: 60 }));
  });
});
