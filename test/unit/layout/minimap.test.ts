import { describe, expect, it } from 'vitest';
import { createTimeScale, layoutMinimap, type MinimapLayout, spanStatuses, type Trace } from '../../../src/core.ts';
import { randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

/** `.` for nothing, the colour's place for what is busy, `x` for an error. */
function drawn({ rows, width, colors, errors }: MinimapLayout): string {
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    let line = '';
    for (let x = row * width; x < (row + 1) * width; x++) line += errors[x] ? 'x' : colors[x] ? colors[x]! - 1 : '.';
    lines.push(line);
  }
  return lines.join('\n');
}

/** The obvious way: asks of each cell which spans of its band are busy in it. */
function slowly(trace: Trace, width: number, height: number, colorOf: (index: number) => number): MinimapLayout {
  const rows = Math.min(trace.spanCount, height);
  const cells = { colors: [] as number[], coverage: [] as number[], errors: [] as number[] };
  const scale = createTimeScale([0, Math.max(trace.duration, 1)]);
  for (let row = 0; row < rows; row++) {
    const band: number[] = [];
    for (let index = 0; index < trace.spanCount; index++) {
      if (
        Math.floor((row * trace.spanCount) / rows) <= index &&
        index < Math.floor(((row + 1) * trace.spanCount) / rows)
      )
        band.push(index);
    }
    for (let x = 0; x < width; x++) {
      const busy = band.filter((index) => {
        const span = trace.spanAt(index);
        const inBounds = (time: number) => Math.min(Math.max(time, 0), trace.duration);
        const start = inBounds(span.start);
        const end = Math.max(start, inBounds(span.start + (span.duration ?? trace.duration)));
        const x0 = Math.min(Math.floor(scale.toUnit(start) * width), width - 1);
        return x0 === x || (x0 < x && x < scale.toUnit(end) * width);
      });
      const counts = new Map<number, number>();
      for (const index of busy) counts.set(colorOf(index), (counts.get(colorOf(index)) ?? 0) + 1);
      cells.colors.push(Math.max(0, ...counts.values()));
      cells.coverage.push(Math.round((busy.length / band.length) * 255));
      cells.errors.push(busy.some((index) => trace.spanAt(index).status === 'error') ? 1 : 0);
    }
  }
  return {
    width,
    rows,
    colors: Uint8Array.from(cells.colors),
    coverage: Uint8Array.from(cells.coverage),
    errors: Uint8Array.from(cells.errors),
  };
}

describe('the minimap', () => {
  it('shows spans from top to bottom and time from left to right', () => {
    const trace = traceFromText(`
      run [0 100]
        first [0 50]
        second [50 100] error
    `);
    expect(drawn(layoutMinimap(trace, { width: 10, height: 10, colorOf: (index) => index }))).toBe(
      ['0000000000', '11111.....', '.....xxxxx'].join('\n'),
    );
  });

  it('gives every span a pixel, also one without a length at the very end', () => {
    const trace = traceFromText(`
      run [0 100]
        end [100 100]
    `);
    expect(drawn(layoutMinimap(trace, { width: 4, height: 4 }))).toBe(['0000', '...0'].join('\n'));
  });

  it('is empty for a trace without spans', () => {
    expect(layoutMinimap(traceFromText(''), { width: 4, height: 4 })).toMatchObject({ rows: 0 });
  });

  it('agrees with asking of each cell what is busy in it', () => {
    for (let round = 0; round < 80; round++) {
      const trace = randomTrace(round);
      const colorOf = (index: number) => spanStatuses.indexOf(trace.spanAt(index).status);
      const [width, height] = [1 + (round % 23), 1 + (round % 9)];
      const fast = layoutMinimap(trace, { width, height, colorOf });
      const slow = slowly(trace, width, height, colorOf);
      expect([...fast.coverage]).toEqual([...slow.coverage]);
      expect([...fast.errors]).toEqual([...slow.errors]);
      expect([...fast.colors].map(Boolean)).toEqual([...slow.colors].map(Boolean));
    }
  });
});
