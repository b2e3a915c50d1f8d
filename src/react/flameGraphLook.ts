import { formatDuration } from '../layout/duration.ts';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import type { BlockLook } from './flameGraphPainter.ts';
import { messages } from './messages.ts';
import type { TraceFacts } from './traceFacts.ts';

const unknownColor = 255;
const keptTexts = 20_000;

/** Spans as blocks. What is asked in every frame is kept: a byte for each span's colour, texts of those that were labelled. */
export class SpanLook implements BlockLook {
  readonly #trace: Trace;
  readonly #facts: TraceFacts;
  readonly #colors: Uint8Array;
  readonly #texts = new Map<SpanIndex, { label: string; value: string }>();

  constructor(trace: Trace, facts: TraceFacts) {
    this.#trace = trace;
    this.#facts = facts;
    this.#colors = new Uint8Array(trace.spanCount).fill(unknownColor);
  }

  color(index: SpanIndex): number {
    const known = this.#colors[index]!;
    if (known !== unknownColor) return known;
    const color = this.#facts.color(index);
    this.#colors[index] = color;
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
