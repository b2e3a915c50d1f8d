import { describe, expect, it } from 'vitest';
import {
  type CollapsedSpans,
  collapsedBits,
  isCollapsed,
  isKeyCollapsed,
  toggled,
  withBit,
  withCollapsed,
} from '../../../src/layout/collapse.ts';
import { traceFromText } from '../../traceFromText.ts';

const trace = traceFromText(`
  a [0 9]
    b [0 5]
      c [0 3]
    d [5 9]
  e [9 10]
    f [9 10]
`);

function collapsedNames(collapsed: CollapsedSpans): string {
  const bits = collapsedBits(trace, collapsed);
  return Array.from(trace)
    .filter(({ index }) => isCollapsed(bits, index))
    .map(({ name }) => name)
    .join(' ');
}

describe('collapsed spans', () => {
  it('become bits of those spans that have children', () => {
    expect(collapsedNames(new Set(['b', 'c', 'nowhere']))).toBe('b');
    expect(collapsedNames({ all: true, except: new Set() })).toBe('a b e');
    expect(collapsedNames({ all: true, except: new Set(['a', 'd']) })).toBe('b e');
  });

  it('toggle by key, in a set and in a set of exceptions, without touching the set that was given', () => {
    const some = new Set(['a']);
    expect(toggled(some, 'b')).toEqual(new Set(['a', 'b']));
    expect(toggled(some, 'a')).toEqual(new Set());
    expect(some).toEqual(new Set(['a']));
    const most: CollapsedSpans = { all: true, except: new Set(['a']) };
    expect(toggled(most, 'b')).toEqual({ all: true, except: new Set(['a', 'b']) });
    expect(toggled(most, 'a')).toEqual({ all: true, except: new Set() });
  });

  it('stay the same value where nothing changes', () => {
    const some = new Set(['a']);
    expect(withCollapsed(some, 'a', true)).toBe(some);
    expect(withCollapsed(some, 'b', false)).toBe(some);
    expect(isKeyCollapsed(withCollapsed(some, 'b', true), 'b')).toBe(true);
  });

  it('set and clear one bit in a copy, also beyond the first word', () => {
    const bits = new Uint32Array(3);
    const set = withBit(withBit(bits, 31, true), 64, true);
    expect([31, 32, 63, 64, 65].filter((index) => isCollapsed(set, index))).toEqual([31, 64]);
    expect(isCollapsed(withBit(set, 31, false), 31)).toBe(false);
    expect(isCollapsed(bits, 31)).toBe(false);
  });
});
