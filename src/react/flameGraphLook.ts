import { formatDuration } from '../layout/duration.ts';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import type { BlockLook } from './flameGraphPainter.ts';
import { messages } from './messages.ts';
import type { SpanColors } from './spanColors.ts';
import type { TraceFacts } from './traceFacts.ts';

const keptTexts = 20_000;

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
