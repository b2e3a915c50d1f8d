import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span } from '../model/trace.ts';
import type { AgentKind } from './agentKindRules.ts';
import type { AgentMessage } from './agentMessage.ts';
import type { Cost, TokenUsage } from './agentUsage.ts';

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
  /** Of the answer, after the first token where its time is known, else over the whole span. */
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
