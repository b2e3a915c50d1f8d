import { spanKinds } from '../model/columns.ts';
import type { AttributeValue } from '../model/details.ts';
import type { Trace } from '../model/trace.ts';
import { agentColumns } from './agentColumns.ts';
import { agentKindCode, agentKinds } from './agentKindRules.ts';
import { toolNameOf } from './agentTools.ts';

/**
 * What spans are grouped by: a column of theirs, what they are to an agent, or the value of an attribute. Of `tool`, the name
 * of the tool that was called; of `attribute`, the span's own, else its resource's.
 */
export type SpanGrouping =
  | 'name'
  | 'service'
  | 'kind'
  | 'agentKind'
  | 'model'
  | 'tool'
  | { readonly attribute: string };

/** Each span's group, by span index. */
export interface SpanGroups {
  readonly groupOf: Uint32Array;
  /** By group, in the order in which spans come to them; undefined for spans without a value. */
  readonly labels: readonly (string | undefined)[];
}

/** O(spans); `tool` and an attribute read details. */
export function spanGroups(trace: Trace, by: SpanGrouping): SpanGroups {
  const { columns } = trace;
  switch (by) {
    case 'name':
      return coded(columns.name, columns.names);
    case 'service':
      return coded(columns.service, columns.serviceNames);
    case 'kind':
      return coded(columns.kind, spanKinds);
    case 'agentKind':
      return coded(agentColumns(trace).kind, agentKinds);
    case 'model': {
      const { model, models } = agentColumns(trace);
      return coded(model, [undefined, ...models.slice(1)]);
    }
    case 'tool':
      return byTool(trace);
    default:
      return byAttribute(trace, by.attribute);
  }
}

function coded(codes: ArrayLike<number>, labelOf: readonly (string | undefined)[]): SpanGroups {
  const grouper = new Grouper<number>(codes.length);
  for (let index = 0; index < codes.length; index++) grouper.add(index, codes[index]!);
  return { groupOf: grouper.groupOf, labels: grouper.keys.map((code) => labelOf[code]) };
}

function byTool(trace: Trace): SpanGroups {
  const { kind } = agentColumns(trace);
  const { name, names } = trace.columns;
  const grouper = new Grouper<string | undefined>(trace.spanCount);
  for (let index = 0; index < trace.spanCount; index++) {
    const isTool = kind[index] === agentKindCode.tool;
    const tool = isTool ? toolNameOf(trace.detailsAt(index).attributes, names[name[index]!]!) : '';
    grouper.add(index, tool || undefined);
  }
  return { groupOf: grouper.groupOf, labels: grouper.keys };
}

function byAttribute(trace: Trace, key: string): SpanGroups {
  const grouper = new Grouper<string | undefined>(trace.spanCount);
  trace.project(({ attributes, resource }, index) => {
    const owner = Object.hasOwn(attributes, key) ? attributes : resource;
    grouper.add(index, Object.hasOwn(owner, key) ? labelOf(owner[key]!) : undefined);
    return 0;
  });
  return { groupOf: grouper.groupOf, labels: grouper.keys };
}

function labelOf(value: AttributeValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
  } catch {
    // A hostile value nests deeper than a stack goes.
    return Array.isArray(value) ? '[…]' : '{…}';
  }
}

/** Numbers groups in the order in which their spans come. */
class Grouper<Key> {
  readonly keys: Key[] = [];
  readonly groupOf: Uint32Array;
  readonly #groups = new Map<Key, number>();

  constructor(length: number) {
    this.groupOf = new Uint32Array(length);
  }

  add(index: number, key: Key): void {
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = this.keys.push(key) - 1;
      this.#groups.set(key, group);
    }
    this.groupOf[index] = group;
  }
}

/** The groups of both: each of the first by the second. `above` has the first one's group of each. */
export function groupsWithin(first: SpanGroups, second: SpanGroups): SpanGroups & { readonly above: Uint32Array } {
  const { length } = first.groupOf;
  const grouper = new Grouper<number>(length);
  const width = second.labels.length;
  for (let index = 0; index < length; index++) {
    grouper.add(index, first.groupOf[index]! * width + second.groupOf[index]!);
  }
  return {
    groupOf: grouper.groupOf,
    labels: grouper.keys.map((key) => second.labels[key % width]),
    above: Uint32Array.from(grouper.keys, (key) => Math.floor(key / width)),
  };
}
