/** What is known of a run when it begins. */
export interface AgentRunOptions {
  /** What the agent was asked. Content: recorded only where asked for. */
  task?: string;
  /** What kind of agent, or its name. */
  type?: string;
  model?: string;
  conversationId?: string;
  /** On this run's span and on every span below it. */
  baggage?: Readonly<Record<string, string>>;
}

export interface AgentRunResult {
  iterations?: number;
  /** The answer. Content. */
  output?: string;
  /** How it ended, in a few words. */
  status?: string;
}

export interface LlmCallOptions {
  model: string;
  /** As OpenTelemetry names them: `openai`, `anthropic`, `aws.bedrock`, … */
  provider?: string;
  /** @default 'chat' */
  operation?: 'chat' | 'text_completion' | 'generate_content' | 'embeddings';
  promptTokens?: number;
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  /** `[{ role, parts: [{ type: 'text', content }] }]`, or the provider's own. Content. */
  messages?: unknown;
}

export interface LlmCallResult {
  promptTokens?: number;
  completionTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  reasoningTokens?: number;
  /** In USD. */
  cost?: number;
  /** The model that answered, where it is another than was asked. */
  model?: string;
  id?: string;
  finishReason?: string;
  timeToFirstTokenMs?: number;
  /** How long the model took. @default what was measured, in the plain scheme */
  durationMs?: number;
  /** Text or messages. Content. */
  output?: unknown;
}

export interface ToolCallOptions {
  name: string;
  /** Anything; its size is recorded in the plain scheme, itself only as content. */
  input?: unknown;
  /** The id by which the model asked for the call. */
  callId?: string;
}

export interface ToolCallResult {
  /** False for a tool that answered but did not do what it was to. @default true, and false where it threw */
  success?: boolean;
  /** Content. */
  output?: unknown;
}

export interface MemoryOperationOptions {
  /** `search`, `store`, `update`, `delete`, … */
  operation: string;
  /** `short_term`, `long_term`, `episodic`, … */
  type?: string;
  store?: string;
  /** Content. */
  query?: string;
}

export interface MemoryOperationResult {
  count?: number;
  /** Content. */
  records?: unknown;
}

export interface DecisionOptions {
  /** What is decided: `next_action`, `tool_selection`, … */
  type: string;
  /** What there is to choose from; the number is recorded, the texts as content. */
  options?: readonly string[];
}

export interface DecisionResult {
  chosen?: string;
  /** Content. */
  reason?: string;
}
