import type { SpanIndex, SpanStatus } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span, Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { printableText } from './printableText.ts';

export interface TimelineOptions {
  /**
   * How many characters the whole trace is wide.
   * @default 50
   */
  width?: number;
  /**
   * How many spaces a level is indented by.
   * @default 1
   */
  indent?: number;
  /**
   * `first`: the tree of the first span in the file that names no parent. `all`: the trees of all roots, by start, also
   * of spans whose parent is not in the trace.
   * @default 'first'
   */
  roots?: 'first' | 'all';
}

const icons: Readonly<Record<SpanStatus, string>> = { ok: '+', error: 'x', unset: '?' };

/** Indentation stops growing here: a chain of 100,000 spans would otherwise take more characters than a string can hold. */
const deepestIndent = 500;

/**
 * A trace as lines of text, two a span, depth-first: icon (`+` ok, `x` error, `?` unset), name and milliseconds, then a bar
 * on the scale of the whole trace.
 *
 * ```
 * ? session [900.0ms]
 *  |==================================================|
 *  + llm_call [812.3ms]
 *   |  =============================================|
 *  x tool:search [open]
 *   |                                               ===|
 * ```
 *
 * A bar goes from `floor(width · offset / total)` to `floor(width · (offset + duration) / total)`, in exact arithmetic, and
 * is at least one character long. An open span says `[open]` and runs to the trace's end; one that ends before it starts
 * says how long (`[-5.0ms]`) and has one character at its start. Line breaks and other control characters in names are
 * escaped (`\n`, `\u001b`), so that a name never makes a line of its own or steers a terminal.
 *
 * @returns lines without a line break after the last; `Empty trace` or `No root span` where there is nothing to draw.
 */
export function toTimeline(trace: Trace, options: TimelineOptions = {}): string {
  if (trace.spanCount === 0) return 'Empty trace';
  const { width = 50, indent = 1, roots = 'first' } = options;
  const lines: string[] = [];
  const addTree = (root: SpanIndex) => {
    const end = trace.columns.subtreeEnd[root]!;
    for (let index = root; index < end; index++) {
      const span = trace.spanAt(index);
      const margin = ' '.repeat(indent * Math.min(span.depth, deepestIndent));
      lines.push(`${margin}${icons[span.status]} ${printableText(span.name)} [${durationLabel(span)}]`);
      lines.push(`${margin} |${bar(trace, index, width)}|`);
    }
  };
  if (roots === 'all') {
    for (const root of trace.roots) addTree(root.index);
  } else {
    const root = firstRootInFile(trace);
    if (root < 0) return 'No root span';
    addTree(root);
  }
  return lines.join('\n');
}

/** The first span in the file's order that names no parent, or -1. An orphan and a cut cycle name one. */
function firstRootInFile(trace: Trace): SpanIndex {
  const { length, subtreeEnd, sourceOrder } = trace.columns;
  let first = -1;
  for (let root = 0; root < length; root = subtreeEnd[root]!) {
    if (first >= 0 && sourceOrder[root]! > sourceOrder[first]!) continue;
    if (trace.spanAt(root).parentSpanId === undefined) first = root;
  }
  return first;
}

/** Milliseconds with one decimal, half a tenth rounded up (away from 0). */
function durationLabel({ duration }: Span): string {
  if (duration === undefined) return 'open';
  const nanosecondsInTenth = 100_000;
  const tenths = wholeQuotient(Math.abs(duration) + nanosecondsInTenth / 2, nanosecondsInTenth);
  const sign = duration < 0 ? '-' : '';
  return `${sign}${(tenths - (tenths % 10)) / 10}.${tenths % 10}ms`;
}

function bar(trace: Trace, index: SpanIndex, width: number): string {
  const from = column(spanStart(trace, index), trace.duration, width);
  const to = column(spanEnd(trace, index), trace.duration, width);
  return ' '.repeat(from) + '='.repeat(Math.max(1, to - from));
}

/** `floor(width · offset / total)`; 0 in a trace without length. */
function column(offset: Nanoseconds, total: Nanoseconds, width: number): number {
  if (total === 0) return 0;
  if (total * width <= Number.MAX_SAFE_INTEGER) return wholeQuotient(offset * width, total);
  return Number((BigInt(offset) * BigInt(width)) / BigInt(total));
}

/** Exact for safe integers, where `Math.floor(a / b)` may round up to the next one. */
function wholeQuotient(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor;
}
