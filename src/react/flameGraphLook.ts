import { formatDuration } from '../layout/duration.ts';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import { colorOfText } from './colors.ts';
import type { BlockLook } from './flameGraphPainter.ts';
import { messages } from './messages.ts';
import type { TraceFacts } from './traceFacts.ts';

const unknownColor = 255;
const keptTexts = 20_000;
/** How many spans' attributes a frame reads for their kinds: some 5 µs each. */
const readsInFrame = 1_500;
const colorOfOther = colorOfText('other');

/**
 * Spans as blocks. What is asked in every frame is kept: a byte for each span's colour, texts of those that were labelled.
 *
 * Where colour says kind, it is read from attributes, and the first frame of a large trace would read those of 50,000 spans.
 * So a frame reads some, and gives the others the colour that their name had elsewhere until a later frame has read them.
 */
export class SpanLook implements BlockLook {
  readonly #trace: Trace;
  readonly #facts: TraceFacts;
  readonly #colors: Uint8Array;
  readonly #colorsOfNames: Uint8Array;
  #reads = 0;
  #isGuessing = false;
  readonly #texts = new Map<SpanIndex, { label: string; value: string }>();

  constructor(trace: Trace, facts: TraceFacts) {
    this.#trace = trace;
    this.#facts = facts;
    this.#colors = new Uint8Array(trace.spanCount).fill(unknownColor);
    this.#colorsOfNames = new Uint8Array(trace.columns.names.length).fill(unknownColor);
  }

  /** Whether a colour since the last `beginFrame` was a guess: then another frame is wanted. */
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
    if (this.#trace.serviceNames.length <= 1 && this.#reads++ >= readsInFrame) {
      this.#isGuessing = true;
      const guess = this.#colorsOfNames[name]!;
      return guess === unknownColor ? colorOfOther : guess;
    }
    const color = this.#facts.color(index);
    this.#colors[index] = color;
    this.#colorsOfNames[name] = color;
    return color;
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
