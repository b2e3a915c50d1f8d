import { writeFile } from 'node:fs/promises';
import type { Trace } from '../model/trace.ts';
import { toHtml } from '../text/html.ts';
import { printableText } from '../text/printableText.ts';
import { parseQuery } from '../transforms/queryParser.ts';
import { searchSpans } from '../transforms/searchSpans.ts';
import { traceOfBeginning, warnOf } from './chosenTraces.ts';
import { compareFiles } from './compareFiles.ts';
import { exportLosses, exportText } from './exports.ts';
import { ReadError, type ReadFile, readInputs } from './inputs.ts';
import { type CliOptions, help, readOptions } from './options.ts';
import { failedSpans, type PrintStyle, printStyle, traceList, traceReport } from './report.ts';
import { serve } from './serve.ts';
import { UsageError } from './usageError.ts';
import type { CliWorld } from './world.ts';

/** What scripts can tell apart. */
export const exitCodes = { done: 0, failed: 1, misused: 2, foundErrors: 3, regressed: 4 } as const;

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
  if (options.command === 'compare') {
    const { hasErrors, hasRegressed } = await compareFiles(options, world);
    if (hasRegressed) return exitCodes.regressed;
    return hasErrors && options.failOn === 'error' ? exitCodes.foundErrors : exitCodes.done;
  }
  refuseFilter(options.filter);
  if (options.isServing && options.files.length === 0 && (options.takesOtlp || world.stdinIsTerminal)) {
    if (!options.takesOtlp) throw new UsageError('--serve needs a file to show, or --otlp.');
    await serve([], options, world);
    return exitCodes.done;
  }
  const files = await readInputs(options.files, world, options.isQuiet);
  const chosen = options.traceId === undefined ? files : traceOfBeginning(files, options.traceId);
  if (!options.isQuiet) warnOf(chosen, world);
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
