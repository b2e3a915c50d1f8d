import { describe, expect, it } from 'vitest';
import { toTimeline } from '../../../src/text/timeline.ts';
import { chainTrace, randomTrace, traceOfRecords } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

const millisecond = 1e6;

describe('toTimeline', () => {
  it('gives each span a line with icon, name and milliseconds, and a bar on the scale of the trace', () => {
    const trace = traceFromText(
      `
        session [0 1000]
          llm_call [15 827.3] ok
            generate [20.04 820] ok
          tool:search [830 990.05] error
      `,
      { unit: millisecond },
    );
    expect(toTimeline(trace)).toBe(
      dedent(`
        ? session [1000.0ms]
         |==================================================|
         + llm_call [812.3ms]
          |=========================================|
          + generate [800.0ms]
           | ========================================|
         x tool:search [160.1ms]
          |                                         ========|
      `),
    );
  });

  it('says so where there is nothing to draw', () => {
    expect(toTimeline(traceFromText(''))).toBe('Empty trace');
    expect(toTimeline(traceFromText('orphan [0 5] parent=nowhere'))).toBe('No root span');
    expect(toTimeline(traceFromText('own ancestor [0 5] id=a parent=a'))).toBe('No root span');
  });

  it('draws the tree of the first span in the file that names no parent, or all trees', () => {
    const trace = traceFromText(
      `
        orphan [0 10] parent=nowhere
        second by time [50 100]
          child [50 75]
        first by time [10 50]
      `,
      { unit: millisecond },
    );
    expect(toTimeline(trace, { width: 10 })).toBe(
      dedent(`
        ? second by time [50.0ms]
         |     =====|
         ? child [25.0ms]
          |     ==|
      `),
    );
    expect(toTimeline(trace, { width: 10, roots: 'all' })).toBe(
      dedent(`
        ? orphan [10.0ms]
         |=|
        ? first by time [40.0ms]
         | ====|
        ? second by time [50.0ms]
         |     =====|
         ? child [25.0ms]
          |     ==|
      `),
    );
  });

  it('keeps every bar at least one character long, also at the very end and in a trace without length', () => {
    expect(toTimeline(traceFromText('a [0 100]\n  b [100 100]'), { width: 4 })).toBe(
      '? a [0.0ms]\n |====|\n ? b [0.0ms]\n  |    =|',
    );
    expect(toTimeline(traceFromText('a [5 5]'))).toBe('? a [0.0ms]\n |=|');
  });

  it('draws open spans to the end of the trace, negative durations at their start', () => {
    const trace = traceFromText(
      `
        run [0 -] ok
          call [20 -]
            done [50 100]
          skewed [50 45]
      `,
      { unit: millisecond },
    );
    expect(toTimeline(trace, { width: 10 })).toBe(
      dedent(`
        + run [open]
         |==========|
         ? call [open]
          |  ========|
          ? done [50.0ms]
           |     =====|
         ? skewed [-5.0ms]
          |     =|
      `),
    );
  });

  it('rounds half a tenth of a millisecond up, without the errors of binary fractions', () => {
    const label = (nanoseconds: number) => toTimeline(traceFromText(`a [0 ${nanoseconds}]`)).split('\n')[0];
    expect(label(70_349_999)).toBe('? a [70.3ms]');
    expect(label(70_350_000)).toBe('? a [70.4ms]');
    expect(label(70_250_000)).toBe('? a [70.3ms]');
    expect(label(49_999)).toBe('? a [0.0ms]');
    expect(label(8_000_000_000_000_049)).toBe('? a [8000000000.0ms]');
  });

  it('places bars exactly where products pass what a number can count', () => {
    // 50 · offset = 49 · total - 1: a fiftieth of a nanosecond before column 49, less than a product of numbers can tell.
    const total = 6_000_000_000_000_049;
    const offset = 5_880_000_000_000_048;
    const columnOf = (start: number) => {
      const trace = traceFromText(`a [0 ${total}]\n  b [${start} ${total}]`);
      return toTimeline(trace).split('\n')[3]!.indexOf('=') - '  |'.length;
    };
    expect(columnOf(offset)).toBe(48);
    expect(columnOf(offset + 1)).toBe(49);
  });

  it('indents by as many spaces a level as asked', () => {
    const trace = traceFromText('a [0 4]\n  b [0 2]\n    c [0 1]');
    expect(toTimeline(trace, { width: 4, indent: 3 })).toBe(
      '? a [0.0ms]\n |====|\n   ? b [0.0ms]\n    |==|\n      ? c [0.0ms]\n       |=|',
    );
  });

  it('keeps every name within its line and away from the terminal', () => {
    const names = ['a\nb', 'a\r\n\tb', '\u001b[31mred', 'a\u2028b\u0085c', 'safe \u202Egnp.exe', 'C:\\new', '搜索 🔎'];
    const shown = names.map((name) => {
      const trace = traceOfRecords([
        {
          spanId: 'x',
          parentSpanId: undefined,
          name,
          serviceName: '',
          kind: 'internal',
          status: 'ok',
          start: { seconds: 1, nanos: 0 },
          end: { seconds: 1, nanos: 0 },
          followsFrom: false,
        },
      ]);
      return toTimeline(trace).split('\n')[0];
    });
    expect(shown).toEqual([
      '+ a\\nb [0.0ms]',
      '+ a\\r\\n\\tb [0.0ms]',
      '+ \\u001b[31mred [0.0ms]',
      '+ a\\u2028b\\u0085c [0.0ms]',
      '+ safe \\u202egnp.exe [0.0ms]',
      '+ C:\\new [0.0ms]',
      '+ 搜索 🔎 [0.0ms]',
    ]);
  });

  it('has two lines for each span of any trace, bars within the width and their one character', () => {
    for (let seed = 0; seed < 200; seed++) {
      const trace = randomTrace(seed);
      if (trace.spanCount === 0) continue;
      const lines = toTimeline(trace, { roots: 'all', width: 20, indent: 0 }).split('\n');
      expect(lines.length, `seed ${seed}`).toBe(trace.spanCount * 2);
      for (const { index } of trace) expect(lines[index * 2 + 1], `seed ${seed}`).toMatch(/^ \| {0,20}={1,20}\|$/);
    }
  });

  it('prints a chain of 20,000 spans', () => {
    const lines = toTimeline(chainTrace(20_000)).split('\n');
    expect(lines.length).toBe(40_000);
    expect(lines[39_998]).toMatch(/^ {500}\+ s19999 /);
  });
});
