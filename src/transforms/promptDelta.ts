import type { AttributeValue } from '../model/details.ts';
import type { AgentMessage } from './agentMessage.ts';
import type { AgentSpan } from './agentSpan.ts';
import { textHash } from './textHash.ts';

/**
 * What a model was told that it was not told the last time. Every call repeats the whole conversation: this is what is new.
 */
export interface PromptDelta {
  /** Messages that stand in both. */
  readonly kept: number;
  /** In the order of the newer prompt, what was removed before what follows it. */
  readonly changes: readonly PromptChange[];
}

export type PromptChange =
  | {
      readonly type: 'added';
      readonly message: AgentMessage;
      /** In the newer prompt. */
      readonly position: number;
      /** It is what the model answered the last time. */
      readonly isPreviousAnswer: boolean;
    }
  | { readonly type: 'removed'; readonly message: AgentMessage /** In the older prompt. */; readonly position: number }
  | {
      readonly type: 'rewritten';
      readonly before: AgentMessage;
      readonly message: AgentMessage;
      /** In the newer prompt. */
      readonly position: number;
      readonly positionBefore: number;
    };

/**
 * What is new in `now` against `before`: what both begin and end with is set aside; of the rest, messages that are the same and
 * in the same order are matched (the longest increasing chain of places), and between matches messages of one role that stand
 * at the same place are taken for rewritten. O(n log n).
 */
export function promptDelta(before: Pick<AgentSpan, 'input' | 'output'>, now: Pick<AgentSpan, 'input'>): PromptDelta {
  const old = before.input;
  const oldKeys = old.map(messageKey);
  const newKeys = now.input.map(messageKey);
  const answers = new Set(before.output.map(messageKey));
  const anchors = commonMessages(oldKeys, newKeys);
  const changes: PromptChange[] = [];
  let from = { old: 0, now: 0 };
  for (const anchor of [...anchors, { old: old.length, now: now.input.length }]) {
    changes.push(...changesBetween(old, now.input, from, anchor, (position) => answers.has(newKeys[position]!)));
    from = { old: anchor.old + 1, now: anchor.now + 1 };
  }
  return { kept: anchors.length, changes };
}

interface Places {
  readonly old: number;
  readonly now: number;
}

/** Messages are the same if they say the same: ids, names of roles and reasons to stop are the writer's. */
function messageKey({ role, parts }: AgentMessage): string {
  const said = parts.map((part) => {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return `${part.type} ${part.text.trim()}`;
      case 'tool-call':
        return `call ${part.name} ${textOfValue(part.arguments)}`;
      case 'tool-result':
        return `result ${part.id ?? ''} ${textOfValue(part.result)}`;
      case 'media':
        return `${part.modality} ${part.url ?? part.fileId ?? textOfValue(part.data)}`;
      default:
        return textOfValue(part.value);
    }
  });
  const text = `${role}\n${said.join('\n')}`;
  return text.length > 200 ? textHash(text) : text;
}

function textOfValue(value: AttributeValue | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? '';
  } catch {
    // Deeper than JSON can be written.
    return '[deep]';
  }
}

/** Pairs of places, both ascending. */
function commonMessages(old: readonly string[], now: readonly string[]): Places[] {
  let begin = 0;
  while (begin < old.length && begin < now.length && old[begin] === now[begin]) begin++;
  let ending = 0;
  while (ending < old.length - begin && ending < now.length - begin && old.at(-1 - ending) === now.at(-1 - ending))
    ending++;
  const pairs: Places[] = [];
  for (let at = 0; at < begin; at++) pairs.push({ old: at, now: at });
  pairs.push(...chain(old, now, begin, old.length - ending, now.length - ending));
  for (let at = ending; at > 0; at--) pairs.push({ old: old.length - at, now: now.length - at });
  return pairs;
}

/** The n-th of equal messages matches the n-th: then places are distinct, and the longest increasing chain is the answer. */
function chain(
  old: readonly string[],
  now: readonly string[],
  begin: number,
  oldEnd: number,
  nowEnd: number,
): Places[] {
  const places = new Map<string, number[]>();
  for (let at = oldEnd - 1; at >= begin; at--) {
    const list = places.get(old[at]!);
    if (list) list.push(at);
    else places.set(old[at]!, [at]);
  }
  const pairs: Places[] = [];
  for (let at = begin; at < nowEnd; at++) {
    const place = places.get(now[at]!)?.pop();
    if (place !== undefined) pairs.push({ old: place, now: at });
  }
  return longestChain(pairs);
}

/** Patience sorting: the last pair of the best chain of each length, and each pair's predecessor. */
function longestChain(pairs: readonly Places[]): Places[] {
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  for (let at = 0; at < pairs.length; at++) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]!]!.old < pairs[at]!.old) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[at] = tails[low - 1]!;
    tails[low] = at;
  }
  const found: Places[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) found.push(pairs[at]!);
  return found.reverse();
}

function changesBetween(
  old: readonly AgentMessage[],
  now: readonly AgentMessage[],
  from: Places,
  to: Places,
  isAnswer: (position: number) => boolean,
): PromptChange[] {
  const removed: PromptChange[] = [];
  const rest: PromptChange[] = [];
  let at = from.old;
  for (let position = from.now; position < to.now; position++) {
    const message = now[position]!;
    const before = at < to.old ? old[at]! : undefined;
    if (before && before.role === message.role && !isAnswer(position)) {
      rest.push({ type: 'rewritten', before, message, position, positionBefore: at });
      at++;
    } else rest.push({ type: 'added', message, position, isPreviousAnswer: isAnswer(position) });
  }
  for (; at < to.old; at++) removed.push({ type: 'removed', message: old[at]!, position: at });
  return [...removed, ...rest];
}
