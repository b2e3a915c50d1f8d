import { TraceBuilder } from 'spanscope/core';
import { createRandom } from '../../../samples/random.ts';

// One trace, once as columns and once as what each peer takes: the same names, starts and ends. Siblings follow one another, as
// flame-chart-js draws those that run at the same time over one another.

const names = [
  'agent',
  'plan',
  'llm_call',
  'tool:search',
  'http',
  'parse',
  'tool:read_file',
  'memory',
  'rank',
  'write',
];

/** Requests one after another below a root, each a tree of some 40 spans and up to ten levels, with room between. */
export function makeSpans(count) {
  const random = createRandom(17);
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const parent = new Int32Array(count).fill(-1);
  const name = new Uint8Array(count);
  let made = 1;
  let now = 0;
  const open = [];
  while (made < count) {
    const index = made++;
    parent[index] = open.length > 0 ? open[open.length - 1].index : 0;
    name[index] = random.int(0, names.length - 1);
    now += random.int(100, 4_000);
    start[index] = now;
    open.push({ index, children: random.int(0, open.length > 8 ? 0 : 4 - Math.floor(open.length / 3)) });
    while (open.length > 0 && open[open.length - 1].children-- <= 0) {
      now += random.int(500, random.chance(0.01) ? 2_000_000 : 40_000);
      end[open.pop().index] = now;
    }
  }
  while (open.length > 0) end[open.pop().index] = now;
  end[0] = now;
  return { count, start, end, parent, name };
}

export function toTrace({ count, start, end, parent, name }) {
  const builder = new TraceBuilder('bench');
  const time = (nanos) => ({ seconds: Math.floor(nanos / 1e9), nanos: nanos % 1e9 });
  const idOf = (index) => (index + 1).toString(16).padStart(16, '0');
  for (let index = 0; index < count; index++) {
    builder.add({
      spanId: idOf(index),
      parentSpanId: parent[index] < 0 ? undefined : idOf(parent[index]),
      name: names[name[index]],
      serviceName: names[name[index] % 4],
      kind: 'internal',
      status: index % 97 === 0 ? 'error' : 'ok',
      start: time(start[index]),
      end: time(end[index]),
      followsFrom: false,
    });
  }
  const noDetails = { statusMessage: undefined, attributes: {}, events: [], links: [], resource: {}, scope: undefined };
  return builder.build({ read: () => noDetails });
}

/** flame-chart-js: milliseconds. */
export function toNestedNodes({ count, start, end, parent, name }) {
  const nodes = new Array(count);
  for (let index = 0; index < count; index++) {
    nodes[index] = {
      name: names[name[index]],
      type: names[name[index] % 4],
      start: start[index] / 1e6,
      duration: (end[index] - start[index]) / 1e6,
    };
    const above = parent[index];
    if (above >= 0) {
      nodes[above].children ??= [];
      nodes[above].children.push(nodes[index]);
    }
  }
  return [nodes[0]];
}

/** d3-flame-graph: the tree merged by name already, as it does not merge itself. */
export function toMergedNodes(merged) {
  const nodes = Array.from({ length: merged.length }, (_, block) => ({
    name: merged.name(block),
    value: merged.weight[block],
    children: [],
  }));
  for (let block = 0; block < merged.length; block++) {
    if (merged.parent[block] >= 0) nodes[merged.parent[block]].children.push(nodes[block]);
  }
  const roots = nodes.filter((_, block) => merged.parent[block] < 0);
  return roots.length === 1 ? roots[0] : { name: 'all', value: merged.totalWeight, children: roots };
}

/** Names that seldom meet, so that the merged tree is a large one. */
export function manyNames(spans) {
  return { ...spans, nameOf: (index) => `${names[spans.name[index]]}-${index % 4_000}` };
}

export function toTraceOfManyNames(spans) {
  const builder = new TraceBuilder('many names');
  const { nameOf } = manyNames(spans);
  const idOf = (index) => (index + 1).toString(16).padStart(16, '0');
  for (let index = 0; index < spans.count; index++) {
    builder.add({
      spanId: idOf(index),
      parentSpanId: spans.parent[index] < 0 ? undefined : idOf(spans.parent[index]),
      name: nameOf(index),
      serviceName: 'app',
      kind: 'internal',
      status: 'ok',
      start: { seconds: Math.floor(spans.start[index] / 1e9), nanos: spans.start[index] % 1e9 },
      end: { seconds: Math.floor(spans.end[index] / 1e9), nanos: spans.end[index] % 1e9 },
      followsFrom: false,
    });
  }
  const noDetails = { statusMessage: undefined, attributes: {}, events: [], links: [], resource: {}, scope: undefined };
  return builder.build({ read: () => noDetails });
}
