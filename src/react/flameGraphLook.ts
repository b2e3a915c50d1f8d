import { formatDuration } from '../layout/duration.ts';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Span, Trace } from '../model/trace.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import { colorOfText } from './colors.ts';
import type { BlockLook } from './flameGraphPainter.ts';
import { errorColor } from './flameGraphTheme.ts';
import { messages } from './messages.ts';
import type { TraceFacts } from './traceFacts.ts';

/**
 * What a block's colour says: `auto` the service where there are several, else the kind. A function gives a text of a span:
 * equal texts have one colour, the same in every trace.
 */
export type FlameColorBy = 'auto' | 'service' | 'kind' | 'status' | 'name' | ((span: Span) => string);

const unknownColor = 255;
const keptTexts = 20_000;
/** How many spans a frame reads for their colours: some 5 µs each. */
const readsInFrame = 1_500;
const colorOfOther = colorOfText('other');
/** The palette's green. */
const colorOfOk = 4;

/**
 * The colours of a trace's spans, a byte each. Where colour says kind, or what the caller's function says, it is read from
 * attributes, and the first frame of a large trace would read those of 50,000 spans. So a frame reads some, and gives the
 * others the colour that their name had elsewhere until a later frame has read them.
 */
export class SpanColors {
  readonly #trace: Trace;
  readonly #read: (index: SpanIndex) => number;
  readonly #isSlow: boolean;
  readonly #colors: Uint8Array;
  readonly #colorsOfNames: Uint8Array;
  #reads = 0;
  #isGuessing = false;

  constructor(trace: Trace, facts: TraceFacts, colorBy: FlameColorBy) {
    const by = colorBy === 'auto' ? (trace.serviceNames.length > 1 ? 'service' : 'kind') : colorBy;
    this.#trace = trace;
    this.#read = colorReader(trace, facts, by);
    this.#isSlow = by === 'kind' || typeof by === 'function';
    this.#colors = new Uint8Array(trace.spanCount).fill(unknownColor);
    this.#colorsOfNames = new Uint8Array(trace.columns.names.length).fill(unknownColor);
  }

  get isGuessing(): boolean {
    return this.#isGuessing;
  }

  beginFrame(): void {
    this.#reads = 0;
    this.#isGuessing = false;
  }

  color(index: SpanIndex): number {
    const known = this.#colors[index]!;
    if (known !== unknownColor) return known;
    const name = this.#trace.columns.name[index]!;
    if (this.#isSlow && this.#reads++ >= readsInFrame) {
      this.#isGuessing = true;
      const guess = this.#colorsOfNames[name]!;
      return guess === unknownColor ? colorOfOther : guess;
    }
    const color = this.#read(index);
    this.#colors[index] = color;
    this.#colorsOfNames[name] = color;
    return color;
  }
}

function colorReader(trace: Trace, facts: TraceFacts, by: Exclude<FlameColorBy, 'auto'>): (index: SpanIndex) => number {
  const { columns, serviceNames } = trace;
  if (typeof by === 'function') return (index) => colorOfText(String(by(trace.spanAt(index))));
  switch (by) {
    case 'service': {
      const colors = Uint8Array.from(serviceNames, colorOfText);
      return (index) => colors[columns.service[index]!]!;
    }
    case 'name': {
      const colors = Uint8Array.from(columns.names, colorOfText);
      return (index) => colors[columns.name[index]!]!;
    }
    case 'status':
      return (index) =>
        columns.status[index] === statusCode.error
          ? errorColor
          : columns.status[index] === statusCode.ok
            ? colorOfOk
            : colorOfOther;
    case 'kind':
      return (index) => colorOfText(facts.kind(index));
  }
}

/** Spans as blocks. What is asked in every frame is kept: colours, texts of those that were labelled. */
export class SpanLook implements BlockLook {
  readonly #trace: Trace;
  readonly #facts: TraceFacts;
  readonly #colors: SpanColors;
  /** A byte a span. */
  readonly #matches: Uint8Array | undefined;
  readonly #texts = new Map<SpanIndex, { label: string; value: string }>();

  constructor(trace: Trace, facts: TraceFacts, colors: SpanColors, matches: Uint8Array | undefined) {
    this.#trace = trace;
    this.#facts = facts;
    this.#colors = colors;
    this.#matches = matches;
  }

  get isGuessing(): boolean {
    return this.#colors.isGuessing;
  }

  beginFrame(): void {
    this.#colors.beginFrame();
  }

  color(index: SpanIndex): number {
    return this.#colors.color(index);
  }

  isDimmed(index: SpanIndex): boolean {
    return this.#matches !== undefined && this.#matches[index] === 0;
  }

  label(index: SpanIndex): string {
    return this.#textsOf(index).label;
  }

  value(index: SpanIndex): string {
    return this.#textsOf(index).value;
  }

  kind(index: SpanIndex): AgentKind {
    return this.#facts.kind(index);
  }

  isError(index: SpanIndex): boolean {
    return this.#trace.columns.status[index] === statusCode.error;
  }

  isOpen(index: SpanIndex): boolean {
    return Number.isNaN(this.#trace.columns.duration[index]!);
  }

  #textsOf(index: SpanIndex): { label: string; value: string } {
    let texts = this.#texts.get(index);
    if (!texts) {
      if (this.#texts.size >= keptTexts) this.#texts.clear();
      const span = this.#trace.spanAt(index);
      texts = {
        label: agentLabel(span) || messages.rows.unnamed,
        value: span.duration === undefined ? messages.rows.open : formatDuration(span.duration),
      };
      this.#texts.set(index, texts);
    }
    return texts;
  }
}
