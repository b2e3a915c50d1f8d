import { writeFile } from 'node:fs/promises';
import type { Trace } from '../model/trace.ts';
import { toHtml } from '../text/html.ts';
import { printableText } from '../text/printableText.ts';
import { parseQuery } from '../transforms/queryParser.ts';
import { searchSpans } from '../transforms/searchSpans.ts';
import { exportLosses, exportText } from './exports.ts';
import { ReadError, type ReadFile, readInputs } from './inputs.ts';
import { type CliOptions, help, readOptions, UsageError } from './options.ts';
import { failedSpans, type PrintStyle, printStyle, traceList, traceReport } from './report.ts';
import { serve } from './serve.ts';
import type { CliWorld } from './world.ts';

/** What scripts can tell apart. */
export const exitCodes = { done: 0, failed: 1, misused: 2, foundErrors: 3 } as const;

/** One command, from its arguments to its exit code. Never throws. */
export async function runCli(args: readonly string[], world: CliWorld, version: string): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.isHelp) world.stdout(help);
    else if (options.isVersion) world.stdout(`${version}\n`);
    else return await runCommand(options, world);
    return exitCodes.done;
  } catch (error) {
    const isMisuse = error instanceof UsageError;
    const message = printableText((error as Error).message);
    world.stderr(`spanscope: ${message}${isMisuse ? ' See spanscope --help.' : ''}\n`);
    return isMisuse ? exitCodes.misused : exitCodes.failed;
  }
}

async function runCommand(options: CliOptions, world: CliWorld): Promise<number> {
  refuseFilter(options.filter);
  if (options.isServing && options.files.length === 0 && (options.takesOtlp || world.stdinIsTerminal)) {
    if (!options.takesOtlp) throw new UsageError('--serve needs a file to show, or --otlp.');
    await serve([], options, world);
    return exitCodes.done;
  }
  const files = await readInputs(options.files, world, options.isQuiet);
  const chosen = options.traceId === undefined ? files : withTrace(files, options.traceId);
  if (!options.isQuiet) warn(chosen, world);
  const traces = chosen.flatMap(({ result }) => result.traces);
  if (options.isServing) await serve(traces, options, world);
  else await write(chosen, traces, options, world);
  const hasFailed = options.failOn === 'error' && traces.some((trace) => failedSpans(trace) > 0);
  return hasFailed ? exitCodes.foundErrors : exitCodes.done;
}

/** Before a large file is read. */
function refuseFilter(filter: string | undefined): void {
  if (filter === undefined) return;
  const error = parseQuery(filter).problems.find(({ severity }) => severity === 'error');
  if (error) throw new UsageError(`--filter cannot be understood, at character ${error.from + 1}: ${error.message}`);
}

function withTrace(files: readonly ReadFile[], asked: string): ReadFile[] {
  const all = files.flatMap(({ result }) => result.traces);
  const exact = all.filter(({ traceId }) => traceId === asked);
  const found = exact.length > 0 ? exact : all.filter(({ traceId }) => traceId.startsWith(asked));
  const ids = new Set(found.map(({ traceId }) => traceId));
  if (ids.size === 0) {
    const some = all.slice(0, 3).map(({ traceId }) => traceId);
    throw new ReadError(
      `There is no trace ${asked}; there are ${all.length}: ${some.join(', ')}${all.length > 3 ? ', …' : ''}.`,
    );
  }
  if (ids.size > 1) throw new UsageError(`${ids.size} traces begin with ${asked}: give more of the id.`);
  return files.flatMap((file) => {
    const traces = file.result.traces.filter((trace) => found.includes(trace));
    return traces.length > 0 ? [{ ...file, result: { ...file.result, traces } }] : [];
  });
}

function warn(files: readonly ReadFile[], world: CliWorld): void {
  for (const { result } of files) {
    const known = new Set(result.traces.map(({ traceId }) => traceId));
    for (const { message, traceId } of result.warnings) {
      if (traceId === undefined || known.has(traceId)) world.stderr(`warning: ${printableText(message)}\n`);
    }
  }
}

async function write(
  files: readonly ReadFile[],
  traces: readonly Trace[],
  options: CliOptions,
  world: CliWorld,
): Promise<void> {
  const { html, to, output } = options;
  if (html !== undefined) {
    const text = toHtml(traces, { viewerScript: await world.viewerScript() });
    await writeTo(html, text);
    if (!options.isQuiet) world.stderr(`Wrote ${html}, ${(text.length / 1e6).toFixed(1)} MB.\n`);
  }
  if (to !== undefined) {
    if (!options.isQuiet)
      for (const loss of exportLosses(traces, to)) world.stderr(`warning: ${printableText(loss)}\n`);
    const text = exportText(traces, to);
    if (output === undefined || output === '-') world.stdout(text);
    else await writeTo(output, text);
  }
  if (html !== undefined || to !== undefined) return;
  const style = printStyle(options, world);
  if (traces.length === 1) world.stdout(traceReport(traces[0]!, options, style));
  else if (options.filter === undefined) world.stdout(traceList(files, style));
  else world.stdout(matchingReports(traces, options, style));
}

/** Of several traces those in which something matches. */
function matchingReports(traces: readonly Trace[], options: CliOptions, style: PrintStyle): string {
  const matching = traces.filter((trace) => searchSpans(trace, options.filter!).indexes.length > 0);
  if (matching.length === 0) return `No span matches in ${traces.length} traces.\n`;
  return matching.map((trace) => traceReport(trace, options, style)).join('\n');
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new ReadError(`${file} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}
