import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { SpanGrouping } from './spanGroups.ts';

/**
 * The query that finds the spans of a group, given in which group each is; undefined where none does, as for the spans without a
 * model. Models and tools stand under many keys: it asks for those under which spans of the group have it.
 */
export function groupQuery(
  trace: Trace,
  by: SpanGrouping,
  label: string | undefined,
  { groupOf, group }: { groupOf: Uint32Array; group: number },
): string | undefined {
  if (typeof by === 'object')
    return label === undefined ? `-has:${quoted(by.attribute)}` : attributeIs(by.attribute, label);
  if (label === undefined) return undefined;
  switch (by) {
    case 'name':
    case 'service':
      return `${by}=${quoted(label)}`;
    case 'kind':
    case 'agentKind':
      return `kind:${label}`;
    default: {
      const keys = new Set<string>();
      const names = new Set<string>();
      let left = mostRead;
      for (let span = groupOf.indexOf(group); span >= 0 && left-- > 0; span = groupOf.indexOf(group, span + 1)) {
        const key = keyOf(trace, span, label);
        if (key === undefined) names.add(trace.spanAt(span).name);
        else keys.add(key);
      }
      const terms = [
        ...Array.from(keys, (key) => attributeIs(key, label)),
        ...Array.from(names, (name) => `name=${quoted(name)}`),
      ].slice(0, mostTerms);
      const any = terms.length > 1 ? `(${terms.join(' OR ')})` : terms[0];
      return by === 'tool' ? `kind:tool ${any}` : any;
    }
  }
}

const mostRead = 500;
const mostTerms = 12;

function keyOf(trace: Trace, span: SpanIndex, label: string): string | undefined {
  const { attributes } = trace.detailsAt(span);
  return Object.keys(attributes).find((key) => String(attributes[key]) === label);
}

function attributeIs(key: string, value: string): string {
  return `${quoted(key)}=${quoted(value)}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
