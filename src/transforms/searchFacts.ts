import type { SpanIndex } from '../model/columns.ts';
import { emptyBits, type SpanBits, setBit } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';
import { criticalPath } from './criticalPath.ts';
import { selfTimes } from './selfTimes.ts';

// What a query may ask of all spans at once. Each is worked out for a trace when the first query asks, and kept as long
// as the trace.

export const spanSelfTimes = keptByTrace(selfTimes);

export const criticalSpans = keptByTrace((trace): SpanBits => {
  const bits = emptyBits(trace.spanCount);
  for (const index of criticalPath(trace).span) setBit(bits, index, true);
  return bits;
});

export const childCounts = keptByTrace((trace): Uint32Array => {
  const { length, parent } = trace.columns;
  const counts = new Uint32Array(length);
  for (let index = 0; index < length; index++) if (parent[index]! >= 0) counts[parent[index]!]!++;
  return counts;
});

/** The ten spans with the most self time, those of none left out; of equals the earlier. */
export const slowestSpans = keptByTrace((trace): readonly SpanIndex[] => {
  const most = 10;
  const times = spanSelfTimes(trace);
  const slowest: SpanIndex[] = [];
  for (let index = 0; index < times.length; index++) {
    const time = times[index]!;
    if (time <= 0 || (slowest.length === most && time <= times[slowest[most - 1]!]!)) continue;
    let place = slowest.length;
    while (place > 0 && times[slowest[place - 1]!]! < time) place--;
    slowest.splice(place, 0, index);
    if (slowest.length > most) slowest.pop();
  }
  return slowest;
});

function keptByTrace<T>(find: (trace: Trace) => T): (trace: Trace) => T {
  const kept = new WeakMap<Trace, { found: T }>();
  return (trace) => {
    let entry = kept.get(trace);
    if (!entry) {
      entry = { found: find(trace) };
      kept.set(trace, entry);
    }
    return entry.found;
  };
}
