import type { TraceColumns } from './columns.ts';
import { issueBit } from './issues.ts';
import type { Completeness } from './trace.ts';

/** What a source says of how much of a trace it has. */
export interface ToldCompleteness {
  expectedSpans?: number | undefined;
  reasons?: readonly string[];
}

/** What a source says of its completeness, and after it what the columns tell. */
export function completenessOf(columns: TraceColumns, { expectedSpans, reasons = [] }: ToldCompleteness): Completeness {
  const all = [...reasons];
  let orphans = 0;
  for (let index = 0; index < columns.length; index++) if (columns.issues[index]! & issueBit.orphan) orphans++;
  if (orphans > 0) {
    all.push(
      orphans === 1
        ? '1 span names a parent that is not in the trace.'
        : `${orphans} spans name a parent that is not in the trace.`,
    );
  }
  if (expectedSpans !== undefined && expectedSpans > columns.length) {
    all.push(`${columns.length} of ${expectedSpans} spans are in the file.`);
  }
  return {
    complete: all.length === 0,
    reasons: all,
    ...(expectedSpans === undefined ? {} : { expectedSpans }),
  };
}
