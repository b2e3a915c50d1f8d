import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import type { AgentMessage } from './agentMessage.ts';
import { agentSpan } from './agentSpan.ts';
import type { TraceComparison } from './compareTraces.ts';

/** One attribute that differs; undefined on the side that does not have it. */
export interface AttributeChange {
  readonly key: string;
  readonly before: AttributeValue | undefined;
  readonly after: AttributeValue | undefined;
}

/** Both spans of a row and what differs in their details, read when somebody asks. */
export interface ComparedPair {
  /** Undefined where added. */
  readonly before: Span | undefined;
  /** Undefined where removed. */
  readonly after: Span | undefined;
  /** By key. */
  readonly attributes: readonly AttributeChange[];
  readonly statusMessage: readonly [string | undefined, string | undefined] | undefined;
  /** What went in and came out, in the agent's terms, of each side; empty where a span tells nothing. */
  readonly messagesBefore: readonly AgentMessage[];
  readonly messagesAfter: readonly AgentMessage[];
}

/** Throws a RangeError outside the comparison's rows. */
export function comparePair(comparison: TraceComparison, row: number): ComparedPair {
  if (!(Number.isInteger(row) && row >= 0 && row < comparison.length)) {
    throw new RangeError(`There is no row ${row}: the comparison has ${comparison.length} rows, from 0.`);
  }
  const inA = comparison.spanInA[row]!;
  const inB = comparison.spanInB[row]!;
  const before = inA < 0 ? undefined : comparison.a.spanAt(inA);
  const after = inB < 0 ? undefined : comparison.b.spanAt(inB);
  const messages = [before?.statusMessage, after?.statusMessage] as const;
  return {
    before,
    after,
    attributes: attributeChanges(before?.attributes ?? {}, after?.attributes ?? {}),
    statusMessage: messages[0] === messages[1] ? undefined : messages,
    messagesBefore: messagesOf(before),
    messagesAfter: messagesOf(after),
  };
}

function messagesOf(span: Span | undefined): readonly AgentMessage[] {
  if (!span) return [];
  const { input, output } = agentSpan(span);
  return [...input, ...output];
}

function attributeChanges(before: Attributes, after: Attributes): AttributeChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes = keys.map((key) => ({ key, before: own(before, key), after: own(after, key) }));
  return changes.filter((change) => !isEqual(change.before, change.after));
}

function own(attributes: Attributes, key: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}

/** Without recursion: a hostile value may be nested a hundred thousand deep. */
function isEqual(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  const open: unknown[] = [one, other];
  while (open.length > 0) {
    const b = open.pop();
    const a = open.pop();
    if (Object.is(a, b)) continue;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    const keys = Object.keys(a);
    if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false;
      open.push((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
    }
  }
  return true;
}
