import type { SpanIndex } from '../model/columns.ts';
import { emptyBits, hasBit, type SpanBits, setBit } from '../model/spanBits.ts';
import type { Span, Trace } from '../model/trace.ts';
import { searchSpans } from '../transforms/searchSpans.ts';
import { fittedText, printableText, textWidth } from './printableText.ts';
import { type TextStyle, type TimelineLook, timelineLook, wholeQuotient } from './timelineLook.ts';

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
   * @default 'first', 'all' with a filter
   */
  roots?: 'first' | 'all';
  /**
   * One line a span instead of two, and none longer than so many cells of a terminal (40 at the least): name, bar, duration.
   * Names that are too long are cut; bars share what the names leave, at most `width` where that is given.
   */
  lineWidth?: number;
  /**
   * ANSI's codes for colours, for a terminal.
   * @default false
   */
  color?: boolean;
  /**
   * Bars of blocks, to an eighth of a character, and `✓ ✗ ·` for the status.
   * @default false
   */
  unicode?: boolean;
  /**
   * How many levels are shown: 1 for roots alone. What lies below is counted on the span above it.
   * @default all
   */
  depth?: number;
  /**
   * Only spans that this query matches, with the spans above them; the language is that of `searchSpans`. A last line says
   * how many were left out.
   */
  filter?: string;
}

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
 * @returns lines without a line break after the last; `Empty trace`, `No root span` or `No span matches` where there is
 * nothing to draw.
 * @throws RangeError where `filter` cannot be understood; the message says where and why.
 */
export function toTimeline(trace: Trace, options: TimelineOptions = {}): string {
  if (trace.spanCount === 0) return 'Empty trace';
  const { filter, roots = filter === undefined ? 'first' : 'all' } = options;
  const shown = filter === undefined ? undefined : matchesWithAncestors(trace, filter);
  const trees = roots === 'all' ? Array.from(trace.roots, ({ index }) => index) : firstRootInFile(trace);
  if (trees.length === 0) return 'No root span';
  const rows = trees.flatMap((root) => rowsOfTree(trace, root, options.depth ?? Infinity, shown));
  if (rows.length === 0) return 'No span matches';
  const look = timelineLook({ unicode: options.unicode ?? false, color: options.color ?? false });
  const lines =
    options.lineWidth === undefined ? linePairs(trace, rows, look, options) : singleLines(trace, rows, look, options);
  if (shown) lines.push(look.paint(`(${rows.length} of ${trace.spanCount} spans)`, 'quiet'));
  return lines.join('\n');
}

interface TimelineRow {
  readonly index: SpanIndex;
  /** Spans below it that `depth` leaves out. */
  readonly below: number;
}

function rowsOfTree(trace: Trace, root: SpanIndex, depth: number, shown: SpanBits | undefined): TimelineRow[] {
  const { subtreeEnd } = trace.columns;
  const depths = depthsOf(trace, root);
  const rows: TimelineRow[] = [];
  const end = subtreeEnd[root]!;
  for (let index = root; index < end; index++) {
    if (shown && !hasBit(shown, index)) continue;
    if (depths[index - root]! >= depth) continue;
    const isLast = depths[index - root]! === depth - 1;
    rows.push({ index, below: isLast ? countShown(shown, index + 1, subtreeEnd[index]!) : 0 });
  }
  return rows;
}

function depthsOf({ columns: { parent, subtreeEnd } }: Trace, root: SpanIndex): Uint32Array {
  const depths = new Uint32Array(subtreeEnd[root]! - root);
  for (let at = 1; at < depths.length; at++) depths[at] = depths[parent[root + at]! - root]! + 1;
  return depths;
}

function countShown(shown: SpanBits | undefined, from: SpanIndex, to: SpanIndex): number {
  if (!shown) return to - from;
  let count = 0;
  for (let index = from; index < to; index++) if (hasBit(shown, index)) count++;
  return count;
}

function matchesWithAncestors(trace: Trace, filter: string): SpanBits {
  const { problems, indexes } = searchSpans(trace, filter);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error)
    throw new RangeError(
      `The filter “${filter}” cannot be understood, at character ${error.from + 1}: ${error.message}`,
    );
  const shown = emptyBits(trace.spanCount);
  for (const match of indexes) {
    for (let index = match; index >= 0 && !hasBit(shown, index); index = trace.columns.parent[index]!)
      setBit(shown, index, true);
  }
  return shown;
}

function linePairs(trace: Trace, rows: readonly TimelineRow[], look: TimelineLook, options: TimelineOptions): string[] {
  const { width = 50, indent = 1 } = options;
  return rows.flatMap(({ index, below }) => {
    const span = trace.spanAt(index);
    const margin = ' '.repeat(indent * Math.min(span.depth, deepestIndent));
    const name = look.paint(nameAndBelow(span, below), span.status === 'error' ? 'error' : 'plain');
    const label = look.paint(`[${durationLabel(span)}]`, 'quiet');
    return [
      `${margin}${icon(span, look)} ${name} ${label}`,
      `${margin} |${look.paint(look.bar(trace, index, width), barStyle(span))}|`,
    ];
  });
}

const narrowestLine = 40;
/** Of the line, at most. */
const nameShare = 0.45;

/** Name, bar and duration in columns, within `lineWidth`. */
function singleLines(
  trace: Trace,
  rows: readonly TimelineRow[],
  look: TimelineLook,
  options: TimelineOptions,
): string[] {
  const { indent = 1, width = Infinity } = options;
  const lineWidth = Math.max(narrowestLine, Math.floor(options.lineWidth ?? 0));
  const widestName = Math.floor(lineWidth * nameShare);
  // Deep levels take half of the name's column at most; from there on they stand below each other.
  const marginOf = ({ depth }: Span) => Math.min(indent * depth, Math.floor(widestName / 2));
  let nameWidth = 0;
  let labelWidth = 0;
  for (const { index, below } of rows) {
    const span = trace.spanAt(index);
    if (nameWidth < widestName)
      nameWidth = Math.max(nameWidth, marginOf(span) + 2 + textWidth(nameAndBelow(span, below)));
    labelWidth = Math.max(labelWidth, durationLabel(span).length);
  }
  nameWidth = Math.min(nameWidth, widestName);
  const barWidth = Math.max(1, Math.min(width, lineWidth - nameWidth - labelWidth - ' || '.length));
  return rows.map(({ index, below }) => {
    const span = trace.spanAt(index);
    const margin = marginOf(span);
    const name = fittedText(nameAndBelow(span, below), nameWidth - margin - 2, look.ellipsis);
    // The one character of a span at the very end lies behind the last cell: it takes that cell.
    const bar = look.bar(trace, index, barWidth).slice(-barWidth);
    const rest = ' '.repeat(barWidth - bar.length);
    return [
      `${' '.repeat(margin)}${icon(span, look)} ${look.paint(name, span.status === 'error' ? 'error' : 'plain')}`,
      `|${look.paint(bar, barStyle(span))}${rest}| ${durationLabel(span).padStart(labelWidth)}`,
    ].join(' ');
  });
}

function nameAndBelow({ name }: Span, below: number): string {
  return below === 0 ? printableText(name) : `${printableText(name)} (+${below} below)`;
}

function icon({ status }: Span, look: TimelineLook): string {
  return look.paint(look.icons[status], status === 'unset' ? 'quiet' : status);
}

function barStyle({ status }: Span): TextStyle {
  return status === 'error' ? 'error' : 'bar';
}

/** The first span in the file's order that names no parent, or none. An orphan and a cut cycle name one. */
function firstRootInFile(trace: Trace): SpanIndex[] {
  const { length, subtreeEnd, sourceOrder } = trace.columns;
  let first = -1;
  for (let root = 0; root < length; root = subtreeEnd[root]!) {
    if (first >= 0 && sourceOrder[root]! > sourceOrder[first]!) continue;
    if (trace.spanAt(root).parentSpanId === undefined) first = root;
  }
  return first < 0 ? [] : [first];
}

/** Milliseconds with one decimal, half a tenth rounded up (away from 0). */
function durationLabel({ duration }: Span): string {
  if (duration === undefined) return 'open';
  const nanosecondsInTenth = 100_000;
  const tenths = wholeQuotient(Math.abs(duration) + nanosecondsInTenth / 2, nanosecondsInTenth);
  const sign = duration < 0 ? '-' : '';
  return `${sign}${(tenths - (tenths % 10)) / 10}.${tenths % 10}ms`;
}
