import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { type CollapsedSpans, isKeyCollapsed } from '../../../src/layout/collapse.ts';
import {
  collapseAll,
  collapsedDownTo,
  collapsedDownToCriticalPath,
  collapsedDownToErrors,
  collapseOneLevel,
  collapseSubtree,
  expandAll,
  expandedTo,
  expandOneLevel,
  expandSubtree,
} from '../../../src/layout/collapseLevels.ts';
import { layoutWaterfall } from '../../../src/layout/waterfall.ts';
import { hasBit, spanBits } from '../../../src/model/spanBits.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const trace = traceFromText(`
  a [0 90]
    b [0 50]
      c [0 30]
        d [0 10] error
      e [30 50]
    f [50 90]
      g [50 90]
  h [90 99]
    i [90 99]
`);

function visible(collapsed: CollapsedSpans, of = trace): string {
  return Array.from(layoutWaterfall(of, { collapsed }).rows, (index) => of.spanAt(index).name).join('');
}

describe('collapsing many spans', () => {
  it('goes level by level, the shallowest first to open and the deepest first to close', () => {
    let state = collapseAll();
    const opened = [visible(state)];
    for (let step = 0; step < 4; step++) {
      state = expandOneLevel(trace, state);
      opened.push(visible(state));
    }
    expect(opened).toEqual(['ah', 'abfhi', 'abcefghi', 'abcdefghi', 'abcdefghi']);
    const closed: string[] = [];
    for (let step = 0; step < 4; step++) {
      state = collapseOneLevel(trace, state);
      closed.push(visible(state));
    }
    expect(closed).toEqual(['abcefghi', 'abfhi', 'ah', 'ah']);
    expect(collapseOneLevel(trace, state)).toBe(state);
  });

  it('opens and closes a subtree with all below it', () => {
    const closed = collapseSubtree(trace, expandAll(), trace.span('b')!.index);
    expect(visible(closed)).toBe('abfghi');
    expect(visible(expandOneLevel(trace, closed))).toBe('abcefghi');
    expect(visible(expandSubtree(trace, collapseAll(), trace.span('a')!.index))).toBe('abcdefgh');
  });

  it('goes down to the errors, to the critical path, and to one span', () => {
    expect(visible(collapsedDownToErrors(trace))).toBe('abcdefh');
    expect(visible(collapsedDownToCriticalPath(trace))).toBe('abcdefghi');
    expect(visible(expandedTo(trace, collapseAll(), trace.span('g')!.index))).toBe('abfgh');
    const open = expandAll();
    expect(expandedTo(trace, open, 3)).toBe(open);
  });

  it('keeps keys that the trace does not have yet, and takes few of its own', () => {
    const some = collapseSubtree(trace, new Set(['later']), trace.span('c')!.index);
    expect(some).toEqual(new Set(['c', 'later']));
    const most = collapsedDownTo(trace, spanBits(trace, [trace.span('b')!.index]));
    expect(most).toEqual({ all: true, except: new Set(['a']) });
  });

  it('does in any trace what a walk over its spans does', () => {
    for (let seed = 0; seed < 400; seed++) {
      const random = createRandom(seed);
      const trace = randomTrace(seed);
      if (trace.spanCount === 0) continue;
      const keys = new Set(Array.from(trace, ({ key }) => key).filter(() => random.chance(0.4)));
      const state: CollapsedSpans = random.chance(0.5) ? keys : { all: true, except: keys };
      const isClosed = ({ key }: Span) => isKeyCollapsed(state, key);
      const isParent = (span: Span) => span.children.length > 0;
      const isShown = (span: Span): boolean => !span.parent || (!isClosed(span.parent) && isShown(span.parent));
      const closedOf = (collapsed: CollapsedSpans) =>
        namesOf(trace, (span) => isParent(span) && isKeyCollapsed(collapsed, span.key));
      const shownParents = Array.from(trace).filter((span) => isParent(span) && isShown(span));
      const shallowest = Math.min(...shownParents.filter(isClosed).map(({ depth }) => depth));
      const deepest = Math.max(...shownParents.filter((span) => !isClosed(span)).map(({ depth }) => depth));
      const where = `seed ${seed}`;
      expect(closedOf(expandOneLevel(trace, state)), where).toEqual(
        namesOf(trace, (span) => isParent(span) && isClosed(span) && !(isShown(span) && span.depth === shallowest)),
      );
      expect(closedOf(collapseOneLevel(trace, state)), where).toEqual(
        namesOf(trace, (span) => isParent(span) && (isClosed(span) || (isShown(span) && span.depth === deepest))),
      );
      const index = random.int(0, trace.spanCount - 1);
      const isBelow = (span: Span): boolean =>
        span.index === index || (span.parent !== undefined && isBelow(span.parent));
      expect(closedOf(collapseSubtree(trace, state, index)), where).toEqual(
        namesOf(trace, (span) => isParent(span) && (isClosed(span) || isBelow(span))),
      );
      expect(closedOf(expandSubtree(trace, state, index)), where).toEqual(
        namesOf(trace, (span) => isParent(span) && isClosed(span) && !isBelow(span)),
      );
      expect(
        layoutWaterfall(trace, { collapsed: expandedTo(trace, state, index) }).rowOf(index),
      ).toBeGreaterThanOrEqual(0);
      const wanted = spanBits(trace, () => random.chance(0.1));
      const holds = (span: Span): boolean =>
        [...span.children].some((child) => hasBit(wanted, child.index) || holds(child));
      expect(closedOf(collapsedDownTo(trace, wanted)), where).toEqual(
        namesOf(trace, (span) => isParent(span) && !holds(span)),
      );
    }
  });
});

function namesOf(trace: Trace, isWanted: (span: Span) => boolean): string[] {
  return Array.from(trace)
    .filter(isWanted)
    .map(({ key }) => key);
}
