import { formatDuration } from '../layout/duration.ts';
import { formatCost } from '../layout/quantity.ts';
import { statusCode } from '../model/columns.ts';
import { toIsoTime } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { fittedText, printableText, textWidth } from '../text/printableText.ts';
import { toTimeline } from '../text/timeline.ts';
import { type AgentRun, agentRun } from '../transforms/agentRun.ts';
import type { ReadFile } from './inputs.ts';
import type { CliOptions } from './options.ts';
import type { CliWorld } from './world.ts';

const number = new Intl.NumberFormat('en');
const counted = (count: number, noun: string) => `${number.format(count)} ${noun}${count === 1 ? '' : 's'}`;

/** How texts are printed: as wide as the terminal, in colour where it has colours and nobody said otherwise. */
export interface PrintStyle {
  readonly width: number;
  readonly isColored: boolean;
  readonly isUnicode: boolean;
  readonly limit: number;
}

const widthWithoutTerminal = 100;
const limitOnTerminal = 1000;

export function printStyle(options: CliOptions, world: CliWorld): PrintStyle {
  const { env, stdoutIsTerminal, columns } = world;
  // https://no-color.org, and FORCE_COLOR as Node and most tools know it.
  const wantsNone = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const wantsSome = (env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0';
  const limit = options.limit ?? (stdoutIsTerminal ? limitOnTerminal : 0);
  return {
    width: options.width ?? (stdoutIsTerminal ? (columns ?? 80) : widthWithoutTerminal),
    isColored: options.isColored ?? (wantsNone ? false : wantsSome || stdoutIsTerminal),
    isUnicode: !options.isAscii,
    limit: limit === 0 ? Infinity : limit,
  };
}

/** One trace: what it came to, then its timeline. */
export function traceReport(trace: Trace, options: CliOptions, style: PrintStyle): string {
  const lines = [...summary(trace, style), '', ...timelineLines(trace, options, style)];
  return `${lines.join('\n')}\n`;
}

function timelineLines(trace: Trace, { filter, depth }: CliOptions, style: PrintStyle): string[] {
  const lines = toTimeline(trace, {
    roots: 'all',
    lineWidth: style.width,
    color: style.isColored,
    unicode: style.isUnicode,
    ...(depth === undefined ? {} : { depth }),
    ...(filter === undefined ? {} : { filter }),
  }).split('\n');
  if (lines.length <= style.limit) return lines;
  const left = lines.length - style.limit;
  return [
    ...lines.slice(0, style.limit),
    `… ${counted(left, 'line')} more: --limit 0 prints all, --depth and --filter fewer spans`,
  ];
}

const words: Readonly<Record<AgentRun['outcome']['state'], string>> = {
  succeeded: 'succeeded',
  recovered: 'succeeded after errors',
  failed: 'failed',
  unfinished: 'is not finished',
  empty: 'is empty',
};

function summary(trace: Trace, style: PrintStyle): string[] {
  const paint = (text: string, code: number) => (style.isColored ? `\u001b[${code}m${text}\u001b[0m` : text);
  const run = agentRun(trace);
  const { state } = run.outcome;
  const word = words[state];
  const took = trace.spanCount > 0 ? ` in ${formatDuration(trace.duration)}` : '';
  const name = trace.spanCount > 0 ? printableText(trace.spanAt(0).name) : 'The trace';
  const title = oneLine(name, { ...style, width: Math.max(1, style.width - word.length - took.length - 2) });
  const color = state === 'failed' ? 31 : state === 'succeeded' ? 32 : 33;
  const head = `${paint(title, 1)} ${paint(word, color)}${took}`;
  const counts = facts(trace, run);
  const inOneLine = `: ${counts.join(', ')}`;
  const isWide = textWidth(title) + 1 + word.length + took.length + inOneLine.length > style.width;
  const lines = isWide ? [head, ...wrapped(counts, style.width)] : [`${head}${inOneLine}`];
  const id = oneLine(`trace ${printableText(trace.traceId)}`, { ...style, width: style.width - 1 });
  for (const line of wrapped([id, ...started(trace)], style.width)) lines.push(paint(line, 2));
  const error = run.errors.find(({ isRecovered }) => !isRecovered) ?? run.errors[0];
  if (error) {
    const parts = [trace.spanAt(error.origin).name, error.type, error.message].filter((part) => part !== undefined);
    lines.push(paint(oneLine(`first error: ${parts.map(printableText).join(': ')}`, style), 31));
  }
  for (const reason of trace.completeness.reasons)
    lines.push(paint(oneLine(`not whole: ${printableText(reason)}`, style), 33));
  return lines;
}

function facts(trace: Trace, run: AgentRun): string[] {
  const failed = failedSpans(trace);
  return [
    counted(trace.spanCount, 'span'),
    failed > 0 ? counted(failed, 'error') : undefined,
    run.llmCalls.length > 0 ? counted(run.llmCalls.length, 'model call') : undefined,
    run.toolCalls.length > 0 ? counted(run.toolCalls.length, 'tool call') : undefined,
    run.usage?.total === undefined ? undefined : counted(run.usage.total, 'token'),
    run.cost ? formatCost(run.cost.total) : undefined,
  ].filter((part) => part !== undefined);
}

/** With commas between, on as many lines as it takes. */
function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const latest = lines.at(-1);
    const longer = `${latest}, ${part}`;
    if (latest !== undefined && longer.length < width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.map((line, at) => (at < lines.length - 1 ? `${line},` : line));
}

function started({ spanCount, startTimeUnixNano }: Trace): string[] {
  const isDate = BigInt.asIntN(64, startTimeUnixNano) === startTimeUnixNano;
  return spanCount > 0 && isDate ? [toIsoTime(startTimeUnixNano)] : [];
}

function oneLine(text: string, { width, isUnicode }: Pick<PrintStyle, 'width' | 'isUnicode'>): string {
  return fittedText(text, width, isUnicode ? '…' : '~').trimEnd();
}

export function failedSpans({ columns: { status, length } }: Trace): number {
  let failed = 0;
  for (let index = 0; index < length; index++) if (status[index] === statusCode.error) failed++;
  return failed;
}

/** Several traces: a line each, and how to see one. */
export function traceList(files: readonly ReadFile[], style: PrintStyle): string {
  const lines: string[] = [];
  for (const { name, result } of files) {
    lines.push(
      `${printableText(name === '-' ? 'standard input' : name)}: ${result.format}, ${counted(result.traces.length, 'trace')}`,
    );
    for (const trace of result.traces) lines.push(oneLine(listLine(trace), style));
  }
  lines.push('', 'See one by --trace and its id, or the beginning of it.');
  return `${lines.join('\n')}\n`;
}

function listLine(trace: Trace): string {
  const failed = failedSpans(trace);
  const cells = [
    printableText(trace.traceId).slice(0, 32).padEnd(32),
    formatDuration(trace.spanCount > 0 ? trace.duration : undefined).padStart(11),
    counted(trace.spanCount, 'span').padStart(14),
    (failed > 0 ? counted(failed, 'error') : '').padStart(11),
    trace.spanCount > 0 ? printableText(trace.spanAt(0).name) : '',
  ];
  return `  ${cells.join('  ')}`;
}
