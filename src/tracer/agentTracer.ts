import { type Context, type Span, type Tracer, type TracerProvider, trace as traceApi } from '@opentelemetry/api';
import type {
  AgentRunOptions,
  AgentRunResult,
  DecisionOptions,
  DecisionResult,
  LlmCallOptions,
  LlmCallResult,
  MemoryOperationOptions,
  MemoryOperationResult,
  ToolCallOptions,
  ToolCallResult,
} from './agentCalls.ts';
import {
  type AgentConventions,
  genAiConventions,
  plainConventions,
  type RecordedContent,
  type Told,
} from './agentKeys.ts';
import { openSpan, runInSpan, type SpanOutcome, type SpanScope, type TraceSpanOptions } from './spanScope.ts';

export interface AgentTracerOptions {
  /** @default `tracerProvider`'s, else the global provider's, named `spanscope` */
  tracer?: Tracer;
  tracerProvider?: TracerProvider;
  /** OpenTelemetry's GenAI conventions, or the plain scheme (`agent_run`, `llm_call`, `tool:<name>`, …). @default 'genai' */
  conventions?: 'genai' | 'plain';
  /**
   * Whether contents are recorded: the task, messages, arguments and results of tools, memories. They may hold secrets.
   * @default false
   */
  content?: boolean | { messages?: boolean; tools?: boolean };
}

/** A call of an agent while it goes: opens what is below it, and takes its results. */
export interface AgentScope<Result> extends SpanScope, AgentCalls {
  /** Adds to what came of the call. A later value of the same key stands. */
  setResult(result: Result): void;
}

/** What an agent does. Each runs its function in a span and gives what that gives; see `traceSpan` for when the span ends. */
export interface AgentCalls {
  agentRun<T>(options: AgentRunOptions, fn: (run: AgentScope<AgentRunResult>) => T): T;
  /** One round of think, decide, act; `n` from 1. */
  iteration<T>(n: number, fn: (iteration: AgentScope<object>) => T): T;
  llmCall<T>(options: LlmCallOptions, fn: (call: AgentScope<LlmCallResult>) => T): T;
  toolCall<T>(options: ToolCallOptions, fn: (call: AgentScope<ToolCallResult>) => T): T;
  memoryOperation<T>(options: MemoryOperationOptions, fn: (call: AgentScope<MemoryOperationResult>) => T): T;
  decision<T>(options: DecisionOptions, fn: (call: AgentScope<DecisionResult>) => T): T;
}

export type AgentTracer = AgentCalls;

/**
 * Records what an agent does. Calls of the tracer nest below what is active; where no async context is (in browsers), and in
 * branches side by side, call those of the scope that the function is given:
 *
 * ```ts
 * await agent.agentRun({ task, type: 'researcher' }, async (run) => {
 *   const answer = await run.llmCall({ model }, async (call) => {
 *     const reply = await ask(task);
 *     call.setResult({ completionTokens: reply.usage.output });
 *     return reply.text;
 *   });
 *   run.setResult({ iterations: 1 });
 *   return answer;
 * });
 * ```
 */
export function createAgentTracer(options: AgentTracerOptions = {}): AgentTracer {
  const { tracer, tracerProvider, conventions = 'genai', content = false } = options;
  return new Calls({
    // Looked up with each call: a program may register its provider after this.
    tracer: () => tracer ?? tracerProvider?.getTracer('spanscope') ?? traceApi.getTracer('spanscope'),
    conventions: conventions === 'plain' ? plainConventions : genAiConventions,
    content: {
      messages: typeof content === 'object' ? content.messages === true : content,
      tools: typeof content === 'object' ? content.tools === true : content,
    },
  });
}

interface Settings {
  tracer: () => Tracer;
  conventions: AgentConventions;
  content: RecordedContent;
}

class Calls implements AgentCalls {
  readonly #settings: Settings;
  readonly #parent: SpanScope | undefined;

  constructor(settings: Settings, parent?: SpanScope) {
    this.#settings = settings;
    this.#parent = parent;
  }

  agentRun<T>(options: AgentRunOptions, fn: (run: AgentScope<AgentRunResult>) => T): T {
    const { conventions, content } = this.#settings;
    const scope = this.#open<AgentRunResult>(
      conventions.agentRun(options, content),
      (result) => conventions.agentRunResult(result, content),
      options.baggage,
    );
    return runInSpan(scope, fn);
  }

  iteration<T>(n: number, fn: (iteration: AgentScope<object>) => T): T {
    const scope = this.#open<object>({ name: `iteration_${n}`, attributes: {} }, () => ({}));
    return runInSpan(scope, fn);
  }

  llmCall<T>(options: LlmCallOptions, fn: (call: AgentScope<LlmCallResult>) => T): T {
    const { conventions, content } = this.#settings;
    const scope = this.#open<LlmCallResult>(conventions.llmCall(options, content), (result) =>
      conventions.llmCallResult(result, content),
    );
    const started = performance.now();
    const measure = () => {
      if (scope.result.durationMs === undefined) scope.setResult({ durationMs: performance.now() - started });
    };
    return runInSpan(scope, fn, { onSuccess: measure, onFailure: measure });
  }

  toolCall<T>(options: ToolCallOptions, fn: (call: AgentScope<ToolCallResult>) => T): T {
    const { conventions, content } = this.#settings;
    const scope = this.#open<ToolCallResult>(conventions.toolCall(options, content), (result) =>
      conventions.toolCallResult(result, content),
    );
    const outcome: SpanOutcome = {
      onSuccess: () => {
        if (scope.result.success === undefined) scope.setResult({ success: true });
      },
      onFailure: () => scope.setResult({ success: false }),
    };
    return runInSpan(scope, fn, outcome);
  }

  memoryOperation<T>(options: MemoryOperationOptions, fn: (call: AgentScope<MemoryOperationResult>) => T): T {
    const { conventions, content } = this.#settings;
    const scope = this.#open<MemoryOperationResult>(conventions.memoryOperation(options, content), (result) =>
      conventions.memoryOperationResult(result, content),
    );
    return runInSpan(scope, fn);
  }

  decision<T>(options: DecisionOptions, fn: (call: AgentScope<DecisionResult>) => T): T {
    const { conventions, content } = this.#settings;
    const scope = this.#open<DecisionResult>(conventions.decision(options, content), (result) =>
      conventions.decisionResult(result, content),
    );
    return runInSpan(scope, fn);
  }

  #open<Result extends object>(
    { name, kind, attributes }: Told,
    attributesOf: (result: Result) => Told['attributes'],
    baggage?: Readonly<Record<string, string>>,
  ): CallScope<Result> {
    const options: TraceSpanOptions = {
      attributes,
      tracer: this.#settings.tracer(),
      ...(kind === undefined ? {} : { kind }),
      ...(baggage ? { baggage } : {}),
      ...(this.#parent ? { parent: this.#parent } : {}),
    };
    return new CallScope(this.#settings, openSpan(name, options), attributesOf);
  }
}

class CallScope<Result extends object> extends Calls implements AgentScope<Result> {
  readonly span: Span;
  readonly context: Context;
  readonly traceSpan: SpanScope['traceSpan'];
  result: Partial<Result> = {};
  readonly #attributesOf: (result: Result) => Told['attributes'];

  constructor(settings: Settings, scope: SpanScope, attributesOf: (result: Result) => Told['attributes']) {
    super(settings, scope);
    this.span = scope.span;
    this.context = scope.context;
    this.traceSpan = scope.traceSpan.bind(scope);
    this.#attributesOf = attributesOf;
  }

  setResult(result: Result): void {
    this.result = { ...this.result, ...result };
    this.span.setAttributes(this.#attributesOf(result));
  }
}
