import type { SpanIndex } from '../model/columns.ts';
import type { PickedDetails } from '../model/details.ts';
import { detailsOnce, type Trace, tableOf } from '../model/trace.ts';
import { figureUse, type NameFacts, nameFacts, SpanFigures } from './agentFigures.ts';
import { agentKindCode } from './agentKindRules.ts';
import { slot } from './agentUsageKeys.ts';

/**
 * What must be known of every span to draw and to add up agents' runs, a column each, by span index.
 *
 * ```
 * index         0        1          2       3         4
 * name          session  agent_run  iter_1  llm_call  tool:search
 * kind          other    agent      …       llm       tool          codes into `agentKinds`
 * inputTokens   NaN      NaN        NaN     1350      NaN           the span's own, NaN where it says nothing
 * cost          NaN      NaN        NaN     0.0043    NaN
 * model         0        1          0       1         0             into `models`, 0 for none
 * ```
 */
export interface AgentColumns {
  readonly length: number;
  /** Into `agentKinds`. */
  readonly kind: Uint8Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly totalTokens: Float64Array;
  readonly cacheReadTokens: Float64Array;
  readonly cacheWriteTokens: Float64Array;
  readonly reasoningTokens: Float64Array;
  /** US dollars. */
  readonly cost: Float64Array;
  /** Into `models`. */
  readonly model: Uint32Array;
  /** `models[0]` is empty: no model. */
  readonly models: readonly string[];
}

const columnsOfTraces = new WeakMap<Trace, AgentColumns>();

/** Reads every span's details once; the second time for one trace costs nothing. */
export function agentColumns(trace: Trace): AgentColumns {
  let columns = columnsOfTraces.get(trace);
  if (!columns) {
    columns = readColumns(trace);
    columnsOfTraces.set(trace, columns);
  }
  return columns;
}

function readColumns(trace: Trace): AgentColumns {
  const { length, name, names } = trace.columns;
  const kind = new Uint8Array(length);
  const inputTokens = new Float64Array(length).fill(NaN);
  const outputTokens = new Float64Array(length).fill(NaN);
  const totalTokens = new Float64Array(length).fill(NaN);
  const cacheReadTokens = new Float64Array(length).fill(NaN);
  const cacheWriteTokens = new Float64Array(length).fill(NaN);
  const reasoningTokens = new Float64Array(length).fill(NaN);
  const model = new Uint32Array(length);
  const models = [''];
  const modelNumbers = new Map<string, number>([['', 0]]);
  const facts: NameFacts[] = [];
  const figures = new SpanFigures();
  const { numbers } = figures;
  const cost = new Float64Array(length);
  const read = pickedOrRead(trace);
  for (let index = 0; index < length; index++) {
    const { attributes, scopeName } = read(index);
    const nameNumber = name[index]!;
    facts[nameNumber] ??= nameFacts(names[nameNumber]!);
    figures.read(facts[nameNumber]!, scopeName, attributes);
    kind[index] = agentKindCode[figures.kind];
    if (figures.model !== '') {
      let number = modelNumbers.get(figures.model);
      if (number === undefined) {
        number = models.push(figures.model) - 1;
        modelNumbers.set(figures.model, number);
      }
      model[index] = number;
    }
    if (figures.hasTokens) {
      inputTokens[index] = numbers[slot.input]!;
      outputTokens[index] = numbers[slot.output]!;
      totalTokens[index] = numbers[slot.total]!;
      cacheReadTokens[index] = numbers[slot.cacheRead]!;
      cacheWriteTokens[index] = numbers[slot.cacheWrite]!;
      reasoningTokens[index] = numbers[slot.reasoning]!;
    }
    cost[index] = numbers[slot.cost]!;
  }
  return {
    length,
    kind,
    inputTokens,
    outputTokens,
    totalTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens,
    cost,
    model,
    models,
  };
}

/** What figures are read from: as little as the source can give of a span, or its details, past the cache of views. */
function pickedOrRead(trace: Trace): (index: SpanIndex) => PickedDetails {
  const readOnce = detailsOnce(trace);
  const whole = (index: SpanIndex) => {
    const { attributes, scope } = readOnce(index);
    return { attributes, scopeName: scope?.name };
  };
  const pick = tableOf(trace)?.details.picker?.(figureUse);
  if (!pick) return whole;
  const { sourceOrder } = trace.columns;
  return (index) => pick(sourceOrder[index]!) ?? whole(index);
}
