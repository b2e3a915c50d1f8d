import {
  type Attributes,
  type Context,
  context as contextApi,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from '@opentelemetry/api';
import { followed } from './followed.ts';

/** What a span is opened with. */
export interface TraceSpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
  /**
   * What the span is a child of. @default what is active: the span around it where the platform follows async calls, else
   * none
   */
  parent?: SpanScope | Context | undefined;
  /** A root of a trace of its own, whatever is active. @default false */
  root?: boolean;
  /** Set on this span and on every span that is opened below it. */
  baggage?: Readonly<Record<string, string>>;
  /** @default the global provider's tracer `spanscope` */
  tracer?: Tracer;
}

/**
 * A span that is open, handed to the function that it surrounds. What it opens is its child, whatever is active: where no
 * async context is (in browsers), and in branches that run side by side, this is what nests them rightly.
 */
export interface SpanScope {
  readonly span: Span;
  /** With the span and the baggage: for other instrumentations, by `context.with`. */
  readonly context: Context;
  traceSpan<T>(name: string, fn: (scope: SpanScope) => T): T;
  traceSpan<T>(name: string, options: TraceSpanOptions, fn: (scope: SpanScope) => T): T;
}

/**
 * Runs `fn` in a span and gives what it gives. The span ends when `fn` returns or throws; where it gives a promise, when
 * that settles; where it gives a generator, an async iterable or a stream (a streamed answer), when that is through, is left
 * early, or throws. What is thrown becomes status `error` and an `exception` event, and is thrown on.
 *
 * A stream nobody reads stays open. For a `ReadableStream` another is given, which reads it as it is read itself; one that is
 * locked, or of a class of its own, is handed on as it is, and its span ends at once.
 */
export function traceSpan<T>(name: string, fn: (scope: SpanScope) => T): T;
export function traceSpan<T>(name: string, options: TraceSpanOptions, fn: (scope: SpanScope) => T): T;
export function traceSpan<T>(
  name: string,
  options: TraceSpanOptions | ((scope: SpanScope) => T),
  fn?: (scope: SpanScope) => T,
): T {
  return typeof options === 'function'
    ? runInSpan(openSpan(name, {}), options)
    : runInSpan(openSpan(name, options), fn!);
}

/** Told of how a span goes, before it ends. */
export interface SpanOutcome {
  onSuccess?(): void;
  onFailure?(error: unknown): void;
}

/** Runs `fn` in a scope that was opened, and closes it. `scope` may be richer than what was opened. */
export function runInSpan<S extends SpanScope, T>(scope: S, fn: (scope: S) => T, outcome: SpanOutcome = {}): T {
  const settle = {
    run: <R>(step: () => R): R => contextApi.with(scope.context, step),
    done: () => {
      outcome.onSuccess?.();
      // Whoever set a status in the function meant it: an SDK lets OK stand, and an error is not overwritten here.
      if (!hasStatus(scope.span)) scope.span.setStatus({ code: SpanStatusCode.OK });
      scope.span.end();
    },
    failed: (error: unknown) => {
      outcome.onFailure?.(error);
      markFailed(scope.span, error);
      scope.span.end();
    },
  };
  let result: T;
  try {
    result = settle.run(() => fn(scope));
  } catch (error) {
    settle.failed(error);
    throw error;
  }
  return followed(result, settle);
}

/** The API only writes statuses; spans of the SDK can be read. */
function hasStatus(span: Span): boolean {
  const status = (span as { status?: { code?: unknown } }).status;
  return typeof status?.code === 'number' && status.code !== SpanStatusCode.UNSET;
}

function markFailed(span: Span, error: unknown): void {
  const exception = error instanceof Error ? error : new Error(textOf(error));
  if (!(error instanceof Error)) exception.name = typeof error;
  span.recordException(error instanceof Error ? exception : { name: exception.name, message: exception.message });
  span.setAttribute('error.type', exception.name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: exception.message });
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'A value was thrown that has no text.';
  }
}

export function openSpan(name: string, options: TraceSpanOptions): SpanScope {
  const { parent, root = false, tracer = traceApi.getTracer('spanscope'), kind, attributes } = options;
  let context = parent === undefined ? contextApi.active() : isScope(parent) ? parent.context : parent;
  if (options.baggage) context = withBaggage(context, options.baggage);
  const span = tracer.startSpan(
    name,
    { root, attributes: { ...baggageOf(context), ...attributes }, ...(kind === undefined ? {} : { kind }) },
    context,
  );
  return new OpenScope(span, traceApi.setSpan(context, span), tracer);
}

function isScope(parent: SpanScope | Context): parent is SpanScope {
  return 'span' in parent && 'context' in parent;
}

function withBaggage(context: Context, entries: Readonly<Record<string, string>>): Context {
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  for (const [key, value] of Object.entries(entries)) baggage = baggage.setEntry(key, { value });
  return propagation.setBaggage(context, baggage);
}

function baggageOf(context: Context): Attributes {
  const entries = propagation.getBaggage(context)?.getAllEntries() ?? [];
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}

class OpenScope implements SpanScope {
  readonly span: Span;
  readonly context: Context;
  readonly #tracer: Tracer;

  constructor(span: Span, context: Context, tracer: Tracer) {
    this.span = span;
    this.context = context;
    this.#tracer = tracer;
  }

  traceSpan<T>(name: string, options: TraceSpanOptions | ((scope: SpanScope) => T), fn?: (scope: SpanScope) => T): T {
    const isBare = typeof options === 'function';
    const scope = openSpan(name, { parent: this, tracer: this.#tracer, ...(isBare ? {} : options) });
    return runInSpan(scope, isBare ? options : fn!);
  }
}
