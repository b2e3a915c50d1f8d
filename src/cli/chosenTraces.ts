import { printableText } from '../text/printableText.ts';
import { ReadError, type ReadFile } from './inputs.ts';
import { UsageError } from './usageError.ts';
import type { CliWorld } from './world.ts';

/**
 * The trace of this id, else the one whose id begins so.
 *
 * @throws ReadError, UsageError
 */
export function traceOfBeginning(files: readonly ReadFile[], asked: string): ReadFile[] {
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

export function warnOf(files: readonly ReadFile[], world: CliWorld): void {
  for (const { result } of files) {
    const known = new Set(result.traces.map(({ traceId }) => traceId));
    for (const { message, traceId } of result.warnings) {
      if (traceId === undefined || known.has(traceId)) world.stderr(`warning: ${printableText(message)}\n`);
    }
  }
}
