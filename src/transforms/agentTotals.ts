import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import { sumOfKnown } from './agentFigures.ts';
import { agentKindCode } from './agentKindRules.ts';
import { type Cost, type ModelPrice, type Prices, type TokenUsage, usageOf } from './agentUsage.ts';

/**
 * What each span and all below it used, by span index, NaN where nobody says anything. Never counted twice:
 *
 * - A span's own numbers count where no descendant has any. Else the larger of both sides counts, for a parent repeats its
 *   children's, or knows of calls that nobody recorded; what was decided is in `audit`.
 * - A model's call does not include what runs below its tools and sub-agents: that is added.
 */
export interface AgentTotals {
  readonly tokens: Float64Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly cacheReadTokens: Float64Array;
  readonly cacheWriteTokens: Float64Array;
  readonly reasoningTokens: Float64Array;
  /** US dollars; stated ones, and estimated ones where prices were given and the trace says nothing. */
  readonly cost: Float64Array;
  /** 1 where `cost` holds an estimate. */
  readonly isCostEstimated: Uint8Array;
  /** How sums came about where a span and its descendants both speak, by span index. */
  readonly audit: readonly AuditLine[];
}

/**
 * A span says `own`, what lies below it sums up to `nested`, `counted` is what goes into the sums:
 * “agent says 29,899 tokens, its descendants sum to 29,899: counted once”.
 */
export interface AuditLine {
  readonly span: SpanIndex;
  readonly measure: 'tokens' | 'cost';
  readonly own: number;
  readonly nested: number;
  readonly counted: number;
  /**
   * `repeated`: both say the same. `incomplete`: the span says more than what was recorded below it. `partial`: it says
   * less. `separate`: a model's call, and others below its tools, are added.
   */
  readonly verdict: 'repeated' | 'incomplete' | 'partial' | 'separate';
}

/** One pass from the last span to the first, over columns. */
export function agentTotals(trace: Trace, columns: AgentColumns, prices?: Prices): AgentTotals {
  return new Rollup(trace, columns, prices ? pricesByModel(columns.models, prices) : undefined).totals();
}

/** Of spans none of which lies below another. */
export function usageSum(totals: AgentTotals, spans: readonly SpanIndex[]): TokenUsage | undefined {
  const sum = (column: Float64Array) => spans.reduce((total, span) => sumOfKnown(total, column[span]!), NaN);
  return usageOf([
    sum(totals.inputTokens),
    sum(totals.outputTokens),
    sum(totals.tokens),
    sum(totals.cacheReadTokens),
    sum(totals.cacheWriteTokens),
    sum(totals.reasoningTokens),
  ]);
}

/** Of spans none of which lies below another. */
export function costSum(totals: AgentTotals, spans: readonly SpanIndex[]): Cost | undefined {
  let total = NaN;
  let isEstimated = false;
  for (const span of spans) {
    const cost = totals.cost[span]!;
    if (Number.isNaN(cost)) continue;
    total = sumOfKnown(total, cost);
    isEstimated ||= totals.isCostEstimated[span] === 1;
  }
  return Number.isNaN(total) ? undefined : { total, input: undefined, output: undefined, isEstimated };
}

/** The price of each of `models`, undefined where the table has none. */
function pricesByModel(models: readonly string[], prices: Prices): (ModelPrice | undefined)[] {
  const names = Object.keys(prices).sort((a, b) => b.length - a.length);
  return models.map((model) => {
    if (model === '') return undefined;
    const name = Object.hasOwn(prices, model) ? model : names.find((each) => each !== '' && model.startsWith(each));
    return name === undefined ? undefined : prices[name];
  });
}

/** What a call itself cost: as stated, else by its model's price. NaN where neither is known. */
export function callCosts(
  columns: AgentColumns,
  prices: Prices | undefined,
): (call: SpanIndex) => { cost: number; isEstimated: boolean } {
  const byModel = prices ? pricesByModel(columns.models, prices) : undefined;
  return (call) => {
    const stated = columns.cost[call]!;
    const price = byModel?.[columns.model[call]!];
    if (!Number.isNaN(stated) || !price) return { cost: stated, isEstimated: false };
    return { cost: priced(price, columns, call), isEstimated: true };
  };
}

/** What a call costs by a price; NaN where its tokens are not known. Cache reads and writes are part of the input. */
function priced(price: ModelPrice, columns: AgentColumns, index: SpanIndex): number {
  const input = columns.inputTokens[index]!;
  const output = columns.outputTokens[index]!;
  if (Number.isNaN(input) && Number.isNaN(output)) return NaN;
  const read = columns.cacheReadTokens[index] || 0;
  const written = columns.cacheWriteTokens[index] || 0;
  const plain = Math.max(0, (input || 0) - read - written);
  const cost =
    plain * price.input +
    read * (price.cacheRead ?? price.input) +
    written * (price.cacheWrite ?? price.input) +
    (output || 0) * price.output;
  return cost / 1e6;
}

const measures = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

class Rollup {
  readonly #trace: Trace;
  readonly #columns: AgentColumns;
  readonly #prices: (ModelPrice | undefined)[] | undefined;
  /**
   * Sums of a span's descendants, by span index: of those that its own numbers may include, and of those below tools and
   * agents, which a model's call does not include. The first become the span's own sums.
   */
  readonly #inner: Record<Measure, Float64Array>;
  readonly #beyond: Record<Measure, Float64Array>;
  readonly #hasNumbersBelow: Uint8Array;
  readonly #isEstimated: Uint8Array;
  /** Whether any descendant's cost is stated. */
  readonly #hasStated: Uint8Array;
  readonly #audit: AuditLine[] = [];

  constructor(trace: Trace, columns: AgentColumns, prices: (ModelPrice | undefined)[] | undefined) {
    this.#trace = trace;
    this.#columns = columns;
    this.#prices = prices;
    const { length } = columns;
    this.#inner = unknownSums(length);
    this.#beyond = unknownSums(length);
    this.#hasNumbersBelow = new Uint8Array(length);
    this.#isEstimated = new Uint8Array(length);
    this.#hasStated = new Uint8Array(length);
  }

  totals(): AgentTotals {
    const { parent, length } = this.#trace.columns;
    // From the last to the first, all descendants come before their ancestor.
    for (let index = length - 1; index >= 0; index--) {
      // Most spans of most traces have no numbers, nor has anything below them.
      if (this.#isSilent(index)) continue;
      this.#settleTokens(index);
      this.#settleCost(index);
      const above = parent[index]!;
      if (above < 0) continue;
      this.#hand(index, above);
      this.#hasNumbersBelow[above] = 1;
    }
    const sums = this.#inner;
    return {
      tokens: sums.totalTokens,
      inputTokens: sums.inputTokens,
      outputTokens: sums.outputTokens,
      cacheReadTokens: sums.cacheReadTokens,
      cacheWriteTokens: sums.cacheWriteTokens,
      reasoningTokens: sums.reasoningTokens,
      cost: sums.cost,
      isCostEstimated: this.#isEstimated,
      audit: this.#audit.reverse(),
    };
  }

  #isSilent(index: SpanIndex): boolean {
    const { totalTokens, cacheReadTokens, cost } = this.#columns;
    const isKnown = totalTokens[index]! >= 0 || cacheReadTokens[index]! >= 0 || cost[index]! >= 0;
    return this.#hasNumbersBelow[index] === 0 && !isKnown;
  }

  /** Decides by the total; its parts come from the same side, and from the other where that side does not tell. */
  #settleTokens(index: SpanIndex): void {
    const own = this.#columns.totalTokens[index]!;
    const nested = this.#take('totalTokens', index, own);
    const isOwn = Number.isNaN(nested) || own > nested;
    for (const measure of measures) {
      const ownPart = this.#columns[measure][index]!;
      const nestedPart = this.#take(measure, index, ownPart);
      const isKnownSame = own === nested || Number.isNaN(own) || Number.isNaN(nested);
      const chosen = isOwn ? ownPart : nestedPart;
      const other = isOwn ? nestedPart : ownPart;
      this.#inner[measure][index] = Number.isNaN(chosen) && isKnownSame ? other : chosen;
    }
    this.#inner.totalTokens[index] = isOwn ? own : nested;
    this.#addBeyond(index, [...measures, 'totalTokens'], 'tokens', own, nested);
  }

  #settleCost(index: SpanIndex): void {
    const stated = this.#columns.cost[index]!;
    const nested = this.#take('cost', index, stated);
    let own = stated;
    let isOwn = Number.isNaN(nested) || own > nested;
    if (!Number.isNaN(stated) && !Number.isNaN(nested) && this.#hasStated[index] === 0) isOwn = true;
    if (Number.isNaN(stated) && Number.isNaN(nested)) {
      own = this.#estimate(index);
      if (!Number.isNaN(own)) this.#isEstimated[index] = 1;
    } else if (isOwn) this.#isEstimated[index] = 0;
    if (!Number.isNaN(stated)) this.#hasStated[index] = 1;
    this.#inner.cost[index] = isOwn ? own : nested;
    this.#addBeyond(index, ['cost'], 'cost', stated, nested);
  }

  /** Of a span whose tokens are its own, or that has no descendant with a price. */
  #estimate(index: SpanIndex): number {
    const price = this.#prices?.[this.#columns.model[index]!];
    return price ? priced(price, this.#columns, index) : NaN;
  }

  /** What lies below, as far as the span's own number may include it. */
  #take(measure: Measure, index: SpanIndex, own: number): number {
    const inner = this.#inner[measure][index]!;
    if (this.#isCall(index) && !Number.isNaN(own)) return inner;
    const sum = sumOfKnown(inner, this.#beyond[measure][index]!);
    this.#beyond[measure][index] = NaN;
    return sum;
  }

  #isCall(index: SpanIndex): boolean {
    return this.#columns.kind[index] === agentKindCode.llm;
  }

  #addBeyond(index: SpanIndex, of: readonly Measure[], measure: 'tokens' | 'cost', own: number, nested: number): void {
    const decided = of.at(-1)!;
    const beyond = this.#beyond[decided][index]!;
    const counted = sumOfKnown(this.#inner[decided][index]!, beyond);
    for (const each of of) this.#inner[each][index] = sumOfKnown(this.#inner[each][index]!, this.#beyond[each][index]!);
    const below = sumOfKnown(nested, beyond);
    if (Number.isNaN(own) || Number.isNaN(below)) return;
    const verdict = Number.isNaN(nested) || !Number.isNaN(beyond) ? 'separate' : verdictOf(own, nested);
    this.#audit.push({ span: index, measure, own, nested: below, counted, verdict });
  }

  #hand(index: SpanIndex, above: SpanIndex): void {
    const kind = this.#columns.kind[index]!;
    const target = kind === agentKindCode.tool || kind === agentKindCode.agent ? this.#beyond : this.#inner;
    for (const measure of allMeasures) {
      const sum = this.#inner[measure][index]!;
      if (!Number.isNaN(sum)) target[measure][above] = sumOfKnown(target[measure][above]!, sum);
    }
    if (this.#isEstimated[index] === 1) this.#isEstimated[above] = 1;
    if (this.#hasStated[index] === 1) this.#hasStated[above] = 1;
  }
}

/** Sums of costs differ in their last digits. */
function verdictOf(own: number, nested: number): AuditLine['verdict'] {
  if (Math.abs(own - nested) <= 1e-9 * Math.max(own, nested)) return 'repeated';
  return own > nested ? 'incomplete' : 'partial';
}

type Measure = (typeof measures)[number] | 'totalTokens' | 'cost';
const allMeasures: readonly Measure[] = [...measures, 'totalTokens', 'cost'];

function unknownSums(length: number): Record<Measure, Float64Array> {
  const sums = {} as Record<Measure, Float64Array>;
  for (const measure of allMeasures) sums[measure] = new Float64Array(length).fill(NaN);
  return sums;
}
