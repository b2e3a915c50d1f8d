import { createRoot, type Root } from 'react-dom/client';
import { isLiveTraceSource, type LiveTraceSource } from '../model/liveTrace.ts';
import type { TraceViewName } from '../react/TraceToolbar.tsx';
import type { TraceViewInput } from '../react/traceSource.ts';
import type { TraceSource } from '../read/readTraces.ts';
import { ElementView, type ElementViewProps } from './ElementView.tsx';
import { isTraceSource, sourceAt } from './elementSource.ts';
import { adoptStyles } from './elementStyles.ts';

/** Where there is no page (a server renders the tag alone) the class can still be imported. */
const ElementBase: typeof HTMLElement =
  typeof HTMLElement === 'undefined' ? (class {} as unknown as typeof HTMLElement) : HTMLElement;

const views = [
  'waterfall',
  'tree',
  'flame-graph',
  'table',
  'transcript',
  'iterations',
] as const satisfies TraceViewName[];

/** Attributes that say the same as properties. */
const attributes = ['src', 'trace-id', 'view', 'theme', 'density', 'query', 'selected-span-id', 'time-zone'] as const;
type AttributeName = (typeof attributes)[number];

/** What each event of the element carries in its `detail`. */
export interface SpanScopeEvents {
  /** A trace was read from `src`, or from a file or stream that was set. */
  'trace-load': {
    format: string;
    traceIds: string[];
    spanCount: number;
    warnings: readonly { code: string; message: string }[];
  };
  /** It could not be; the element shows the message as well. */
  'trace-error': { error: Error };
  'span-select': { spanId: string | null; reason: string };
  'view-change': { view: TraceViewName };
  'trace-change': { traceId: string };
  'query-change': { query: string };
  /** Nanoseconds from the trace's start; null for the whole. Once a gesture is done. */
  'time-range-change': { timeRange: readonly [number, number] | null };
  /** A link into another trace was followed. */
  'open-trace': { traceId: string; spanId: string | undefined };
}

/**
 * The viewer as an element for any page: `<span-scope src="run.json">`.
 *
 * - Attributes, each with a property: `src`, `trace-id`, `view`, `theme`, `density`, `query`, `selected-span-id`, `time-zone`.
 *   `view`, `query`, `trace-id` and `selected-span-id` follow what the person does.
 * - The property `trace` takes what `TraceView` takes (an exported trace as text, bytes or object, a `Trace`, a `ParseResult`), or a
 *   `Blob`, `File`, `Response` or `ReadableStream`, which is read off the main thread, or a recorder, whose traces are shown as they
 *   grow: the latest, until the person picks one or looks into it. It goes before `src`.
 * - Events bubble, and cross the borders of shadow roots: see `SpanScopeEvents`.
 * - Parts: `view`, `summary`, `toolbar`, `main`, `details`, `row`. Colours and sizes are the CSS variables of the stylesheet.
 *
 * It draws into a shadow root: a page's styles do not reach in, apart from its font and colour scheme, nor do its own reach out.
 */
export class SpanScopeElement extends ElementBase {
  static readonly observedAttributes: readonly string[] = attributes;
  #root: Root | undefined;
  #container: HTMLElement | undefined;
  #trace: TraceViewInput | undefined;
  #source: TraceSource | undefined;
  #live: LiveTraceSource | undefined;
  #isQueued = false;
  /** Whether anybody said which span is selected, or that none is: else the viewer opens where there is most to see. */
  #hasSelection = false;

  /** Undefined where `src` counts. */
  get trace(): TraceViewInput | TraceSource | LiveTraceSource | undefined {
    return this.#live ?? this.#trace ?? (this.hasAttribute('src') ? undefined : this.#source);
  }

  set trace(value: TraceViewInput | TraceSource | LiveTraceSource | null | undefined) {
    this.#trace = undefined;
    this.#source = undefined;
    this.#live = undefined;
    if (isLiveTraceSource(value)) this.#live = value;
    else if (isTraceSource(value)) this.#source = value;
    else if (value !== null && value !== undefined) this.#trace = value as TraceViewInput;
    else this.#source = this.#sourceOfAttribute();
    this.#draw();
  }

  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(value: string | null) {
    this.#reflect('src', value);
  }

  get traceId(): string | null {
    return this.getAttribute('trace-id');
  }
  set traceId(value: string | null) {
    this.#reflect('trace-id', value);
  }

  get view(): TraceViewName {
    return views.find((view) => view === this.getAttribute('view')) ?? 'waterfall';
  }
  set view(value: TraceViewName | null) {
    this.#reflect('view', value);
  }

  get theme(): 'auto' | 'light' | 'dark' {
    const theme = this.getAttribute('theme');
    return theme === 'light' || theme === 'dark' ? theme : 'auto';
  }
  set theme(value: 'auto' | 'light' | 'dark' | null) {
    this.#reflect('theme', value);
  }

  get density(): 'comfortable' | 'compact' {
    return this.getAttribute('density') === 'compact' ? 'compact' : 'comfortable';
  }
  set density(value: 'comfortable' | 'compact' | null) {
    this.#reflect('density', value);
  }

  get query(): string {
    return this.getAttribute('query') ?? '';
  }
  set query(value: string | null) {
    this.#reflect('query', value === '' ? null : value);
  }

  get selectedSpanId(): string | null {
    return this.getAttribute('selected-span-id');
  }
  set selectedSpanId(value: string | null) {
    this.#hasSelection = true;
    this.#reflect('selected-span-id', value);
    this.#draw();
  }

  get timeZone(): string {
    return this.getAttribute('time-zone') ?? 'UTC';
  }
  set timeZone(value: string | null) {
    this.#reflect('time-zone', value);
  }

  connectedCallback(): void {
    this.#takeEarlyProperties();
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' });
    const shadow = this.shadowRoot!;
    adoptStyles(shadow);
    if (!this.#container) {
      this.#container = this.ownerDocument.createElement('div');
      this.#container.className = 'frame';
      shadow.append(this.#container);
    }
    this.#draw();
  }

  disconnectedCallback(): void {
    // Who moves an element within the page takes it out and puts it in again, in one task.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#root?.unmount();
      this.#root = undefined;
    });
  }

  attributeChangedCallback(name: AttributeName, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'selected-span-id') this.#hasSelection = true;
    if (name === 'src') {
      this.#trace = undefined;
      this.#live = undefined;
      this.#source = this.#sourceOfAttribute();
    }
    this.#draw();
  }

  #sourceOfAttribute(): TraceSource | undefined {
    return this.src === '' ? undefined : sourceAt(this.src);
  }

  #reflect(name: AttributeName, value: string | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  /** What a framework set on the element before its class was known lies on it as a plain property and hides ours. */
  #takeEarlyProperties(): void {
    const early = [
      'trace',
      'src',
      'traceId',
      'view',
      'theme',
      'density',
      'query',
      'selectedSpanId',
      'timeZone',
    ] as const;
    const own = this as unknown as Record<string, unknown>;
    for (const name of early) {
      if (!Object.hasOwn(this, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }

  /** Once for all that is set in one task. */
  #draw(): void {
    if (this.#isQueued || !this.isConnected) return;
    this.#isQueued = true;
    queueMicrotask(() => {
      this.#isQueued = false;
      if (!this.isConnected || !this.#container) return;
      this.#root ??= createRoot(this.#container);
      this.#root.render(<ElementView {...this.#props()} />);
    });
  }

  #props(): ElementViewProps {
    const { traceId } = this;
    return {
      live: this.#live,
      source: this.#source,
      ...(this.#trace === undefined ? {} : { trace: this.#trace }),
      ...(traceId === null ? {} : { traceId }),
      ...(this.#hasSelection ? { selectedSpanId: this.selectedSpanId } : {}),
      view: this.view,
      theme: this.theme,
      density: this.density,
      query: this.query,
      timeZone: this.timeZone,
      ...this.#listeners,
    };
  }

  /** The same with each render: who draws again must not read again. */
  readonly #listeners = {
    onRead: ({ format, traces, warnings }) => {
      const spanCount = traces.reduce((sum, trace) => sum + trace.spanCount, 0);
      this.#tell('trace-load', { format, traceIds: traces.map(({ traceId }) => traceId), spanCount, warnings });
    },
    onReadError: (error) => this.#tell('trace-error', { error }),
    onSelectedSpanIdChange: (spanId, { reason }) => {
      this.selectedSpanId = spanId;
      this.#tell('span-select', { spanId, reason });
    },
    onViewChange: (view) => {
      this.view = view;
      this.#tell('view-change', { view });
    },
    onTraceIdChange: (traceId) => {
      this.#hasSelection = false;
      this.removeAttribute('selected-span-id');
      this.#hasSelection = false;
      this.traceId = traceId;
      this.#tell('trace-change', { traceId });
    },
    onQueryChange: (query) => {
      this.query = query;
      this.#tell('query-change', { query });
    },
    onTimeRangeChange: (timeRange, { phase }) => {
      if (phase === 'commit') this.#tell('time-range-change', { timeRange });
    },
    onOpenTrace: (traceId, spanId) => this.#tell('open-trace', { traceId, spanId }),
  } satisfies Partial<ElementViewProps>;

  #tell<Name extends keyof SpanScopeEvents>(name: Name, detail: SpanScopeEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** Registers the element; a second time, and where there is no page, nothing happens. */
export function defineSpanScope(tagName = 'span-scope'): void {
  if (typeof customElements === 'undefined' || customElements.get(tagName)) return;
  // An element's class has one name only: a second name gets a class of its own.
  const Element = customElements.getName?.(SpanScopeElement) ? class extends SpanScopeElement {} : SpanScopeElement;
  customElements.define(tagName, Element);
}
