import type { SpanIndex, SpanStatus } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';

/** Of what characters and colours a timeline is made. */
export interface TimelineLook {
  readonly icons: Readonly<Record<SpanStatus, string>>;
  readonly ellipsis: string;
  /** A span's bar up to its end, within `width` cells. */
  bar(trace: Trace, index: SpanIndex, width: number): string;
  paint(text: string, style: TextStyle): string;
}

export type TextStyle = 'error' | 'ok' | 'quiet' | 'bar' | 'strong' | 'plain';

export function timelineLook({ unicode, color }: { unicode: boolean; color: boolean }): TimelineLook {
  return {
    icons: unicode ? { ok: '✓', error: '✗', unset: '·' } : { ok: '+', error: 'x', unset: '?' },
    ellipsis: unicode ? '…' : '~',
    bar: unicode ? blockBar : plainBar,
    paint: color ? (text, style) => (style === 'plain' ? text : `${codes[style]}${text}\u001b[0m`) : (text) => text,
  };
}

/** ANSI's own sixteen colours, which every terminal shows in its reader's palette. */
const codes: Readonly<Record<Exclude<TextStyle, 'plain'>, string>> = {
  error: '\u001b[31m',
  ok: '\u001b[32m',
  quiet: '\u001b[2m',
  bar: '\u001b[36m',
  strong: '\u001b[1m',
};

function plainBar(trace: Trace, index: SpanIndex, width: number): string {
  const from = column(spanStart(trace, index), trace.duration, width);
  const to = column(spanEnd(trace, index), trace.duration, width);
  return ' '.repeat(from) + '='.repeat(Math.max(1, to - from));
}

/** Blocks filled from the left by so many eighths. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/** To an eighth of a cell at the bar's end, to half a cell at its start: no block begins anywhere else. */
function blockBar(trace: Trace, index: SpanIndex, width: number): string {
  const start = column(spanStart(trace, index), trace.duration, width * 8);
  const end = column(spanEnd(trace, index), trace.duration, width * 8);
  const cell = Math.min(Math.floor(start / 8), width - 1);
  const isWithinCell = end <= (cell + 1) * 8;
  const margin = ' '.repeat(cell);
  if (isWithinCell) return margin + (start % 8 >= 4 ? '▐' : eighths[Math.max(1, Math.min(8, end - cell * 8))]!);
  const first = start % 8 >= 4 ? '▐' : '█';
  const whole = Math.floor(end / 8) - cell - 1;
  return margin + first + '█'.repeat(whole) + eighths[end % 8]!;
}

/** `floor(width · offset / total)`; 0 in a trace without length. */
function column(offset: Nanoseconds, total: Nanoseconds, width: number): number {
  if (total === 0) return 0;
  if (total * width <= Number.MAX_SAFE_INTEGER) return wholeQuotient(offset * width, total);
  return Number((BigInt(offset) * BigInt(width)) / BigInt(total));
}

/** Exact for safe integers, where `Math.floor(a / b)` may round up to the next one. */
export function wholeQuotient(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor;
}
