import type { Random } from './random.ts';

/** 2026-11-23T09:30:00Z in nanoseconds since the epoch: every sample starts here. */
export const BASE_TIME_UNIX_NANO = 1795426200000000000n;

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
/** May hold the own key `__proto__`: write it as `['__proto__']: …` and copy it with a spread, never by assignment. */
export type Attributes = { readonly [key: string]: Value };
export type Kind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type Scope = { readonly name: string; readonly version?: string };

export interface DraftEvent {
  name: string;
  /** Nanoseconds after BASE_TIME_UNIX_NANO. */
  time: number;
  attributes: Attributes;
}

export interface DraftLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** A span before it is put into the shape of an export format. Times are whole nanoseconds after BASE_TIME_UNIX_NANO. */
export interface DraftSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  /** The parent does not wait for this span: FOLLOWS_FROM where the format can say so. */
  followsFrom: boolean;
  name: string;
  service: string;
  scope: Scope | undefined;
  kind: Kind;
  start: number;
  /** Undefined while the span is open. */
  end: number | undefined;
  status: 'unset' | 'ok' | 'error';
  statusMessage: string | undefined;
  attributes: Attributes;
  events: DraftEvent[];
  links: DraftLink[];
}

export interface SpanOptions {
  service?: string;
  scope?: Scope;
  kind?: Kind;
  status?: DraftSpan['status'];
  attributes?: Attributes;
  links?: DraftLink[];
  followsFrom?: boolean;
  /** An id of one's own choice, to share it with another span. */
  spanId?: string;
  /** Default: the span whose body is running. `null` makes a root. */
  parentSpanId?: string | null;
}

export interface Failure {
  type: string;
  message: string;
  stack?: string;
  /** The exception left the span that it was recorded on. */
  escaped?: boolean;
}

export interface RecordingOptions {
  random: Random;
  traceId: string;
  service: string;
  scope?: Scope;
  /** Times are rounded to this many nanoseconds: 1000 for formats that count microseconds. @default 1 */
  tick?: number;
  /** Status of spans that say nothing else. @default 'unset' */
  status?: DraftSpan['status'];
  /** How span ids are made. @default 16 hexadecimal digits */
  makeSpanId?: () => string;
}

/**
 * Writes a trace down the way it would have happened: a clock goes forward, spans open and close as their bodies run.
 *
 * ```ts
 * recording.span('agent_run', {}, () => {
 *   recording.leaf('llm_call', 812);
 *   recording.parallel([() => recording.leaf('tool:a', 40), () => recording.leaf('tool:b', 70)]);
 * });
 * ```
 */
export class Recording {
  /** In the order in which they were opened. */
  readonly spans: DraftSpan[] = [];
  /** Nanoseconds after BASE_TIME_UNIX_NANO. */
  clock = 0;
  readonly #options: RecordingOptions;
  readonly #tick: number;
  readonly #makeSpanId: () => string;
  readonly #leftOpen = new Set<DraftSpan>();
  #current: DraftSpan | undefined;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#tick = options.tick ?? 1;
    this.#makeSpanId = options.makeSpanId ?? (() => options.random.hex(16));
  }

  /** Lets time pass. */
  wait(milliseconds: number): void {
    this.clock += this.#nanoseconds(milliseconds);
  }

  /** A span as long as its body. */
  span(name: string, options: SpanOptions = {}, body: (span: DraftSpan) => void = () => {}): DraftSpan {
    const span = this.#open(name, options);
    const outer = this.#current;
    this.#current = span;
    body(span);
    this.#current = outer;
    if (!this.#leftOpen.has(span)) span.end = this.clock;
    return span;
  }

  /** The span has no end and no outcome: it was still running when the trace was exported. */
  leaveOpen(span: DraftSpan): void {
    this.#leftOpen.add(span);
    span.end = undefined;
    span.status = 'unset';
  }

  /** A span without children that takes so long. */
  leaf(name: string, milliseconds: number, options: SpanOptions = {}): DraftSpan {
    return this.span(name, options, () => this.wait(milliseconds));
  }

  /** Runs each branch from the same moment; afterwards it is as late as the slowest branch made it. */
  parallel(branches: readonly (() => void)[]): void {
    const from = this.clock;
    let latest = from;
    for (const branch of branches) {
      this.clock = from;
      branch();
      latest = Math.max(latest, this.clock);
    }
    this.clock = latest;
  }

  /** Runs something that nobody waits for: the clock is set back afterwards. */
  background(body: () => void): void {
    const from = this.clock;
    body();
    this.clock = from;
  }

  event(span: DraftSpan, name: string, attributes: Attributes = {}): void {
    span.events.push({ name, time: this.clock, attributes });
  }

  /** Marks the span as failed now, with the exception event that OpenTelemetry SDKs record. */
  fail(span: DraftSpan, failure: Failure): void {
    span.status = 'error';
    span.statusMessage = failure.message;
    this.exception(span, failure);
  }

  /** Records an exception and leaves the status alone: one that was caught. */
  exception(span: DraftSpan, failure: Failure): void {
    this.event(span, 'exception', {
      'exception.type': failure.type,
      'exception.message': failure.message,
      ...(failure.stack === undefined ? {} : { 'exception.stacktrace': failure.stack }),
      ...(failure.escaped === undefined ? {} : { 'exception.escaped': failure.escaped }),
    });
  }

  #open(name: string, options: SpanOptions): DraftSpan {
    const parent = this.#current;
    const span: DraftSpan = {
      traceId: this.#options.traceId,
      spanId: options.spanId ?? this.#makeSpanId(),
      parentSpanId: options.parentSpanId === undefined ? parent?.spanId : (options.parentSpanId ?? undefined),
      followsFrom: options.followsFrom ?? false,
      name,
      service: options.service ?? parent?.service ?? this.#options.service,
      scope: options.scope ?? parent?.scope ?? this.#options.scope,
      kind: options.kind ?? 'internal',
      start: this.clock,
      end: undefined,
      status: options.status ?? this.#options.status ?? 'unset',
      statusMessage: undefined,
      attributes: options.attributes ?? {},
      events: [],
      links: options.links ?? [],
    };
    this.spans.push(span);
    return span;
  }

  #nanoseconds(milliseconds: number): number {
    return Math.round((milliseconds * 1e6) / this.#tick) * this.#tick;
  }
}

/** Adds attributes that are known only once the work is done, such as a result or a token count. */
export function addAttributes(span: DraftSpan, attributes: Attributes): void {
  span.attributes = { ...span.attributes, ...attributes };
}
