import { clampedEnd, kindCode, type TraceColumns } from './columns.ts';
import { issueBit } from './issues.ts';

// What can be wrong with how spans stand to one another: found here, kept and marked.

/** Walks up from each row until a row that is done; a row met twice in one walk closes a cycle, cut at its earliest span. */
export function cutCycles(parentRow: Int32Array, compare: (a: number, b: number) => number, marks: Uint16Array): void {
  const walkOf = new Int32Array(parentRow.length).fill(-1);
  for (let from = 0; from < parentRow.length; from++) {
    let row = from;
    while (row >= 0 && walkOf[row]! < 0) {
      walkOf[row] = from;
      row = parentRow[row]!;
    }
    if (row < 0 || walkOf[row] !== from) continue;
    let earliest = row;
    for (let other = parentRow[row]!; other !== row; other = parentRow[other]!) {
      if (compare(other, earliest) < 0) earliest = other;
    }
    parentRow[earliest] = -1;
    marks[earliest]! |= issueBit.cycle;
  }
}

/** Marks how a span lies to its parent. An open parent ends after all its children, as far as anyone knows. */
export function markPlacement(columns: TraceColumns): void {
  const { start, parent, service, kind, followsFrom, issues, length } = columns;
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    if (above < 0 || (issues[index]! | issues[above]!) & issueBit['implausible-time']) continue;
    const end = clampedEnd(columns, index, start[index]!);
    const parentStart = start[above]!;
    const parentEnd = clampedEnd(columns, above, Infinity);
    if (start[index]! < parentStart || end > parentEnd) issues[index]! |= issueBit['outside-parent'];
    const waitedFor = followsFrom[index] === 0 && kind[index] !== kindCode.consumer;
    const whollyOutside = end < parentStart || start[index]! > parentEnd;
    if (whollyOutside && waitedFor && service[index] !== service[above]) issues[index]! |= issueBit['clock-skew'];
  }
}
