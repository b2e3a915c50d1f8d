import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span } from '../model/trace.ts';
import { inputOf, outputOf } from './agentContent.ts';
import { documentsBefore, documentsOf, embeddingsOf, queryOf } from './agentDocuments.ts';
import { decisionOf, evaluationsOf, memoryOf, parametersOf, softFailureOf } from './agentFacts.ts';
import { figuresOf, type SpanFigures } from './agentFigures.ts';
import { agentLabel } from './agentKind.ts';
import type { AgentKind } from './agentKindRules.ts';
import type { AgentMessage } from './agentMessage.ts';
import {
  agentNameOf,
  finishReasonOf,
  frameworkOf,
  modelTime,
  providerOf,
  sessionOf,
  statedRate,
  tagsOf,
  timeToFirstToken,
  userOf,
} from './agentOrigin.ts';
import { toolDefinitionsOf, toolUseOf } from './agentTools.ts';
import { type Cost, type TokenUsage, usageOf } from './agentUsage.ts';
import { slot } from './agentUsageKeys.ts';
import { firstText, known } from './agentValues.ts';

/** One span's meaning. Make it once for each span that is shown: what it has read it keeps. */
export function agentSpan(span: Span): AgentSpan {
  return new LazyAgentSpan(span);
}

/**
 * What a span means in an agent's run, whatever library recorded it. Each fact is read when it is first asked for and kept:
 * a label costs no reading of messages. What the source does not say is undefined or empty, never 0.
 */
export interface AgentSpan {
  readonly span: Span;
  readonly kind: AgentKind;
  /** As `agentLabel` has it. */
  readonly label: string;
  /** What recorded it: `Vercel AI SDK`, `OpenInference LangChain`. Undefined where nothing tells. */
  readonly framework: string | undefined;
  readonly agentName: string | undefined;
  /** The model that answered, else the one asked for. */
  readonly model: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  /** As `openai`, `aws.bedrock`: one spelling for each vendor; never a framework. */
  readonly provider: string | undefined;
  /** This span's own. A parent may repeat its children's: `agentRun` adds up without counting twice. */
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  /** Temperature and the like under their short names: `temperature`, `top_p`, `max_tokens`. */
  readonly parameters: Attributes;
  /** From the span's start to the first token of the answer. */
  readonly timeToFirstToken: Nanoseconds | undefined;
  /** As the source has it; else of the answer after its first token, or over the model's whole time, or the span's. */
  readonly tokensPerSecond: number | undefined;
  /** A chat or thread that spans several traces. */
  readonly session: string | undefined;
  readonly user: string | undefined;
  readonly tags: readonly string[];
  /** Why the model stopped: `stop`, `tool_calls`, `length`. */
  readonly finishReason: string | undefined;
  /** What went wrong although the status is no error. */
  readonly softFailure: SoftFailure | undefined;
  /** What the model was told, system instructions first; of other kinds, what the step was given. */
  readonly input: readonly AgentMessage[];
  /** What the model answered; of other kinds, what the step gave. */
  readonly output: readonly AgentMessage[];
  /** Content is kept elsewhere, at this address. */
  readonly contentReference: string | undefined;
  /** Of a tool's span. */
  readonly tool: ToolUse | undefined;
  /** The tools that the model could choose from. */
  readonly toolDefinitions: readonly ToolDefinition[];
  /** What a search looked for, what text was embedded. */
  readonly query: string | undefined;
  /** Where a search looked, as `gen_ai.data_source.id` names it. */
  readonly dataSource: string | undefined;
  /** What a retriever or reranker found, in the source's order. */
  readonly documents: readonly RetrievedDocument[];
  /** What a reranker was given. */
  readonly documentsBefore: readonly RetrievedDocument[];
  readonly embeddings: readonly Embedding[];
  readonly memory: MemoryFacts | undefined;
  readonly decision: DecisionFacts | undefined;
  readonly evaluations: readonly Evaluation[];
}

/** A failure that the span's status does not tell. `warning`: the step went on, but not as meant. */
export interface SoftFailure {
  readonly reason:
    | 'tool-failed'
    | 'truncated'
    | 'content-filter'
    | 'refusal'
    | 'guardrail'
    | 'interrupted'
    | 'warning'
    | 'logged-error';
  readonly message: string | undefined;
}

export interface ToolUse {
  readonly name: string | undefined;
  readonly callId: string | undefined;
  readonly description: string | undefined;
  /** Out of JSON text where it is such. Undefined where the source does not tell. */
  readonly arguments: AttributeValue | undefined;
  readonly result: AttributeValue | undefined;
  /** Characters, where the source tells only the size. */
  readonly inputSize: number | undefined;
  /** Undefined where neither status nor attributes tell. */
  readonly success: boolean | undefined;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON schema, as the source has it. */
  readonly parameters: AttributeValue | undefined;
}

export interface RetrievedDocument {
  readonly id: string | undefined;
  readonly content: string | undefined;
  readonly score: number | undefined;
  /** Undefined where the source gives none. */
  readonly metadata: AttributeValue | undefined;
}

/** A vector itself is of no use to a reader: its length is. */
export interface Embedding {
  readonly text: string | undefined;
  readonly dimensions: number | undefined;
}

export interface MemoryFacts {
  /** As `retrieve`, `store`, `search`. */
  readonly operation: string | undefined;
  /** As `episodic`, `working`. */
  readonly type: string | undefined;
  readonly store: string | undefined;
  /** Of the one record that was written, changed or deleted. */
  readonly recordId: string | undefined;
  readonly query: string | undefined;
  /** How many records were found or written, where the source tells. */
  readonly count: number | undefined;
  readonly records: AttributeValue | undefined;
}

export interface DecisionFacts {
  readonly type: string | undefined;
  readonly optionCount: number | undefined;
  readonly options: readonly AttributeValue[];
  readonly chosen: AttributeValue | undefined;
  readonly reason: string | undefined;
}

export interface Evaluation {
  readonly name: string;
  readonly score: number | undefined;
  readonly label: string | undefined;
  readonly explanation: string | undefined;
}

/** Facts by name, each read once. */
class LazyAgentSpan implements AgentSpan {
  readonly span: Span;
  readonly #known = new Map<string, unknown>();

  constructor(span: Span) {
    this.span = span;
  }

  get kind(): AgentKind {
    return this.#figures.kind;
  }

  get label(): string {
    return this.#once('label', () => agentLabel(this.span));
  }

  get framework(): string | undefined {
    return this.#once('framework', () => frameworkOf(this.span));
  }

  get agentName(): string | undefined {
    return this.#once('agentName', () => agentNameOf(this.#attributes, this.kind === 'agent'));
  }

  get model(): string | undefined {
    return this.#figures.model || undefined;
  }

  get requestModel(): string | undefined {
    return this.#figures.requestModel || undefined;
  }

  get responseModel(): string | undefined {
    return this.#figures.responseModel || undefined;
  }

  get provider(): string | undefined {
    return this.#once('provider', () => providerOf(this.#attributes));
  }

  get usage(): TokenUsage | undefined {
    return usageOf(this.#figures.numbers);
  }

  get cost(): Cost | undefined {
    const { numbers } = this.#figures;
    const total = known(numbers[slot.cost]!);
    if (total === undefined) return undefined;
    return {
      total,
      input: known(numbers[slot.inputCost]!),
      output: known(numbers[slot.outputCost]!),
      isEstimated: false,
    };
  }

  get parameters(): Attributes {
    return this.#once('parameters', () => parametersOf(this.#attributes));
  }

  get timeToFirstToken(): Nanoseconds | undefined {
    return this.#once('timeToFirstToken', () => timeToFirstToken(this.span));
  }

  get tokensPerSecond(): number | undefined {
    const { duration } = this.span;
    const output = this.usage?.output;
    if (output === undefined || duration === undefined || this.kind !== 'llm') return undefined;
    const stated = statedRate(this.#attributes);
    if (stated !== undefined) return stated;
    const answering = (modelTime(this.#attributes) ?? duration) - (this.timeToFirstToken ?? 0);
    return answering > 0 ? output / (answering / 1e9) : undefined;
  }

  get session(): string | undefined {
    return this.#once('session', () => sessionOf(this.span));
  }

  get user(): string | undefined {
    return this.#once('user', () => userOf(this.span));
  }

  get tags(): readonly string[] {
    return this.#once('tags', () => tagsOf(this.#attributes));
  }

  get finishReason(): string | undefined {
    return this.#once(
      'finishReason',
      () => finishReasonOf(this.#attributes, this.span.events) ?? this.#statedInOutput(),
    );
  }

  get softFailure(): SoftFailure | undefined {
    return this.#once('softFailure', () => softFailureOf(this.span, this.kind, this.finishReason, this.tool?.success));
  }

  get input(): readonly AgentMessage[] {
    return this.#once('input', () => inputOf(this.span));
  }

  get output(): readonly AgentMessage[] {
    return this.#once('output', () => outputOf(this.span));
  }

  get contentReference(): string | undefined {
    return this.#once('contentReference', () =>
      firstText(this.#attributes, ['gen_ai.input.messages_ref', 'gen_ai.output.messages_ref']),
    );
  }

  get tool(): ToolUse | undefined {
    return this.#once('tool', () => toolUseOf(this.span, this.kind));
  }

  get toolDefinitions(): readonly ToolDefinition[] {
    return this.#once('toolDefinitions', () => toolDefinitionsOf(this.#attributes));
  }

  get query(): string | undefined {
    return this.#once('query', () => (searchKinds.has(this.kind) ? queryOf(this.#attributes) : undefined));
  }

  get dataSource(): string | undefined {
    return firstText(this.#attributes, ['gen_ai.data_source.id']);
  }

  get documents(): readonly RetrievedDocument[] {
    return this.#once('documents', () => (documentKinds.has(this.kind) ? documentsOf(this.span) : []));
  }

  get documentsBefore(): readonly RetrievedDocument[] {
    return this.#once('documentsBefore', () => documentsBefore(this.#attributes));
  }

  get embeddings(): readonly Embedding[] {
    return this.#once('embeddings', () => embeddingsOf(this.#attributes));
  }

  get memory(): MemoryFacts | undefined {
    return this.#once('memory', () => memoryOf(this.#attributes, this.kind, this.span.name));
  }

  get decision(): DecisionFacts | undefined {
    return this.#once('decision', () => decisionOf(this.#attributes, this.kind, this.span.name));
  }

  get evaluations(): readonly Evaluation[] {
    return this.#once('evaluations', () => evaluationsOf(this.span));
  }

  get #attributes(): Attributes {
    return this.#once('attributes', () => this.span.attributes);
  }

  get #figures(): SpanFigures {
    return this.#once('figures', () => figuresOf(this.span.name, this.span.scope?.name, this.#attributes));
  }

  #statedInOutput(): string | undefined {
    return this.kind === 'llm'
      ? this.output.find(({ finishReason }) => finishReason !== undefined)?.finishReason
      : undefined;
  }

  #once<T>(name: string, read: () => T): T {
    if (this.#known.has(name)) return this.#known.get(name) as T;
    const value = read();
    this.#known.set(name, value);
    return value;
  }
}

const searchKinds: ReadonlySet<AgentKind> = new Set(['retriever', 'embedding', 'reranker', 'memory', 'db']);
const documentKinds: ReadonlySet<AgentKind> = new Set(['retriever', 'reranker', 'memory', 'db']);
