import { type SpanIndex, spanStatuses, statusCode } from '../model/columns.ts';
import type { SpanDetails } from '../model/details.ts';
import { detailsOnce, type Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import type { SoftFailureOfSpan } from './agentErrors.ts';
import { softFailureOf } from './agentFacts.ts';
import { agentKindCode, agentKinds } from './agentKindRules.ts';
import { finishReasonOf } from './agentOrigin.ts';
import { successOf, toolArguments, toolNameOf } from './agentTools.ts';
import { isMap, own, textOf } from './agentValues.ts';
import { textHash } from './textHash.ts';

/** What a run asks of its steps beyond their columns, read in one walk. Messages are not opened for it. */
export interface AgentStepFacts {
  /** By span index. */
  readonly softFailures: readonly SoftFailureOfSpan[];
  /** Of tools. */
  toolName(span: SpanIndex): string | undefined;
  /** Of a tool, what it was called with, for comparison alone; undefined where the source does not tell. */
  signature(span: SpanIndex): string | undefined;
  /** Of a decision. */
  chosen(span: SpanIndex): string | undefined;
}

const mayFailSoftly = new Set<number>([
  agentKindCode.llm,
  agentKindCode.tool,
  agentKindCode.guardrail,
  agentKindCode.agent,
]);

/** Reads each model's and tool's call, agent, guardrail and decision, and what has an error, once. */
export function agentStepFacts(trace: Trace, { kind }: AgentColumns): AgentStepFacts {
  const { length, status, name, names } = trace.columns;
  const read = detailsOnce(trace);
  const softFailures: SoftFailureOfSpan[] = [];
  const toolNames = new TextColumn(length);
  const signatures = new TextColumn(length);
  const choices = new TextColumn(length);
  for (let index = 0; index < length; index++) {
    const code = kind[index]!;
    const mayFail = mayFailSoftly.has(code) || status[index] === statusCode.error;
    if (!mayFail && code !== agentKindCode.decision) continue;
    const details = read(index);
    const { attributes } = details;
    if (code === agentKindCode.decision) choices.enter(index, textOf(own(attributes, 'decision.chosen')));
    if (code === agentKindCode.tool) {
      toolNames.enter(index, toolNameOf(attributes, names[name[index]!]!));
      signatures.enter(index, signatureOf(details));
    }
    if (!mayFail) continue;
    const { events, statusMessage } = details;
    const span = { status: spanStatuses[status[index]!]!, statusMessage, attributes, events };
    const ofKind = agentKinds[code]!;
    const success = ofKind === 'tool' ? successOf(attributes, span) : undefined;
    const reason = ofKind === 'llm' ? finishReasonOf(attributes, events) : undefined;
    const failure = softFailureOf(span, ofKind, reason, success);
    if (failure) softFailures.push({ span: index, ...failure });
  }
  return {
    softFailures,
    toolName: (span) => toolNames.at(span),
    signature: (span) => signatures.at(span),
    chosen: (span) => choices.at(span),
  };
}

/** Texts by span index, each kept once. */
class TextColumn {
  /** 0 for none. */
  readonly #numbers: Uint32Array;
  readonly #texts: string[] = [''];
  readonly #known = new Map<string, number>();

  constructor(length: number) {
    this.#numbers = new Uint32Array(length);
  }

  enter(index: SpanIndex, text: string | undefined): void {
    if (text === undefined) return;
    let number = this.#known.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#known.set(text, number);
    }
    this.#numbers[index] = number;
  }

  at(index: SpanIndex): string | undefined {
    const number = this.#numbers[index]!;
    return number === 0 ? undefined : this.#texts[number];
  }
}

/** Arguments as text, by a hash where they are long: they are only compared. */
function signatureOf({ attributes, events }: SpanDetails): string | undefined {
  const value = toolArguments(attributes, { events });
  if (value === undefined || value === null) return undefined;
  let text: string;
  try {
    text = isMap(value)
      ? JSON.stringify(value, isFlat(value) ? Object.keys(value).sort() : undefined, undefined)
      : JSON.stringify(value);
  } catch {
    // Too deep, or a bigint.
    return undefined;
  }
  return text.length > 200 ? textHash(text) : text;
}

function isFlat(value: object): boolean {
  return Object.values(value).every((each) => typeof each !== 'object' || each === null);
}
