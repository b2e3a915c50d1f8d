import type { SpanKind, SpanStatus } from '../src/model/columns.ts';
import { type DetailSource, noDetails } from '../src/model/details.ts';
import { type TimePoint, timeFromNumber, unknownTime } from '../src/model/time.ts';
import type { Trace } from '../src/model/trace.ts';
import { TraceBuilder } from '../src/model/traceBuilder.ts';

export interface TextTraceOptions {
  /** How many nanoseconds a 1 in the text is. @default 1 */
  unit?: number;
  details?: DetailSource;
  traceId?: string;
}

/** What a trace's text counts from. */
export const textTraceStart: TimePoint = { seconds: 1_700_000_000, nanos: 0 };

/**
 * A trace drawn as text: a span a line in the order of the file, two spaces of indent for each level, `[start end]`.
 *
 * ```
 * agent [0 100]
 *   llm call [10 40] service=model error
 *   tool [50 -]                             no end: open
 *   queue [60 90] consumer follows
 * stray [5 6] parent=gone id=x              an orphan
 * ```
 *
 * Flags: `ok`, `error`, `open`, `server`, `client`, `producer`, `consumer`, `internal`, `follows` (FOLLOWS_FROM).
 * `id=` is the name unless given (`name#2`, … where a name repeats); `parent=` overrides the indent, `parent=` alone gives
 * none. A `-` for a start is a missing start.
 */
export function traceFromText(text: string, options: TextTraceOptions = {}): Trace {
  const builder = new TraceBuilder(options.traceId ?? 'trace');
  const ids = new Map<string, number>();
  const path: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const match = /^( *)(.*?) \[(\S+)(?: (\S+))?\](.*)$/.exec(line);
    if (!match) throw new Error(`This line of a trace cannot be read: ${line}`);
    const [, indent, name, start, end = '-', rest] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const level = (indent.length - baseIndent(text)) / 2;
    const words = rest.trim().split(/\s+/).filter(Boolean);
    const fields = new Map(words.filter((word) => word.includes('=')).map((word) => splitOnce(word)));
    const flags = words.filter((word) => !word.includes('='));
    const spanId = fields.get('id') ?? freshId(name, ids);
    path.length = level;
    const parentSpanId = fields.has('parent') ? fields.get('parent') || undefined : path[level - 1];
    path[level] = spanId;
    builder.add({
      spanId,
      parentSpanId,
      name,
      serviceName: fields.get('service') ?? 'app',
      kind: flagOf(flags, ['internal', 'server', 'client', 'producer', 'consumer'], 'unspecified') as SpanKind,
      status: flagOf(flags, ['ok', 'error'], 'unset') as SpanStatus,
      start: timeAt(start, options.unit ?? 1),
      end: flags.includes('open') ? unknownTime : timeAt(end, options.unit ?? 1),
      followsFrom: flags.includes('follows'),
    });
  }
  return builder.build(options.details ?? { read: () => noDetails });
}

/** The spans of a trace in their order, drawn the way `traceFromText` reads them, with what they are marked with. */
export function traceToText(trace: Trace, unit = 1): string {
  const lines = Array.from(trace, (span) => {
    const marks = span.issues.length > 0 ? ` !${span.issues.join(' !')}` : '';
    const end = span.end === undefined ? '-' : span.end / unit;
    return `${'  '.repeat(span.depth)}${span.name} [${span.start / unit} ${end}]${marks}`;
  });
  return lines.join('\n');
}

/** Takes the common indent off a template, so that expected text can stand indented in a test. */
export function dedent(text: string): string {
  const lines = text.split('\n').filter((line, at, all) => line.trim() !== '' || (at > 0 && at < all.length - 1));
  const least = baseIndent(text);
  return lines.map((line) => line.slice(least)).join('\n');
}

function baseIndent(text: string): number {
  const indents = text.split('\n').filter((line) => line.trim() !== '');
  return Math.min(...indents.map((line) => line.length - line.trimStart().length));
}

function freshId(name: string, ids: Map<string, number>): string {
  const count = (ids.get(name) ?? 0) + 1;
  ids.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}

function splitOnce(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function flagOf(flags: readonly string[], known: readonly string[], otherwise: string): string {
  return known.find((flag) => flags.includes(flag)) ?? otherwise;
}

function timeAt(text: string, unit: number): TimePoint {
  if (text === '-') return unknownTime;
  if (text === 'epoch') return { seconds: 0, nanos: 0 };
  const offset = timeFromNumber(Math.round(Number(text) * unit), 1);
  return { seconds: textTraceStart.seconds + offset.seconds, nanos: offset.nanos };
}
