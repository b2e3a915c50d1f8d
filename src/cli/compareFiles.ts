import type { Trace } from '../model/trace.ts';
import { comparisonText } from '../text/comparisonText.ts';
import { printableText } from '../text/printableText.ts';
import { compareTraces } from '../transforms/compareTraces.ts';
import { traceOfBeginning, warnOf } from './chosenTraces.ts';
import { exists, type ReadFile, readInput } from './inputs.ts';
import type { CliOptions } from './options.ts';
import { regressionsOf } from './regressions.ts';
import { printStyle } from './report.ts';
import type { CliWorld } from './world.ts';

/** What scripts are told. */
export interface CompareOutcome {
  /** Of the run after. */
  readonly hasErrors: boolean;
  readonly hasRegressed: boolean;
}

/**
 * Prints what became of a run.
 *
 * @throws ReadError, UsageError
 */
export async function compareFiles(options: CliOptions, world: CliWorld): Promise<CompareOutcome> {
  const before = await readSide(options.files[0]!, options, world);
  const after = await readSide(options.files[1]!, options, world);
  const sameName = options.hasExactNames ? { sameName: (name: string) => name } : {};
  const comparison = compareTraces(before, after, sameName);
  const { totalsOfA, totalsOfB } = comparison;
  const { isColored, limit } = printStyle(options, world);
  const text = comparisonText(comparison, { ...sameName, ...(options.limit === undefined ? {} : { rows: limit }) });
  world.stdout(`${isColored ? painted(text) : text}\n`);
  const regressions = regressionsOf(totalsOfA, totalsOfB, options.failOver);
  for (const regression of regressions) world.stderr(`spanscope: ${regression}.\n`);
  return { hasErrors: totalsOfB.errors > 0, hasRegressed: regressions.length > 0 };
}

/** The trace that is asked for, else the largest of the file. */
async function readSide(asked: string, options: CliOptions, world: CliWorld): Promise<Trace> {
  const [name, id = options.traceId] = (await exists(asked)) ? [asked] : nameAndId(asked);
  const file: ReadFile = { name, result: await readInput(name, world, options.isQuiet) };
  const chosen = id === undefined ? largestOf(file) : traceOfBeginning([file], id)[0]!.result.traces[0]!;
  if (options.isQuiet) return chosen;
  const { traces } = file.result;
  warnOf([{ ...file, result: { ...file.result, traces: [chosen] } }], world);
  if (id === undefined && traces.length > 1) {
    const where = name === '-' ? 'Standard input' : printableText(name);
    const which = printableText(chosen.traceId);
    world.stderr(`warning: ${where} has ${traces.length} traces; the largest is compared, ${which}.\n`);
  }
  return chosen;
}

function nameAndId(asked: string): [string, string?] {
  const at = asked.lastIndexOf('#');
  return at <= 0 ? [asked] : [asked.slice(0, at), asked.slice(at + 1)];
}

function largestOf({ result: { traces } }: ReadFile): Trace {
  return traces.reduce((largest, trace) => (trace.spanCount > largest.spanCount ? trace : largest));
}

const colors: Readonly<Record<string, number>> = { '+': 32, '-': 31, '~': 33, '=': 2 };

function painted(text: string): string {
  const [summary = '', ...lines] = text.split('\n');
  const rows = lines.map((line) => {
    const color = colors[/^ *([+\-~=]) /.exec(line)?.[1] ?? ''];
    return color === undefined ? line : `\u001b[${color}m${line}\u001b[0m`;
  });
  return [`\u001b[1m${summary}\u001b[0m`, ...rows].join('\n');
}
