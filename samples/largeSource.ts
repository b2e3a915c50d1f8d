import type { DraftSpan } from './draft.ts';
import type { Random } from './random.ts';

/** Random to look at, yet never the same twice: the low half runs through all 32-bit numbers in a scattered order. */
export function uniqueIds(random: Random): () => string {
  const offset = random.int(0, 0xffffffff);
  let index = 0;
  return () => {
    index++;
    const low = (Math.imul(index, 0x9e3779b1) ^ offset) >>> 0;
    return random.hex(8) + low.toString(16).padStart(8, '0');
  };
}

/** What all shapes are made of. */
export interface LargeSource {
  random: Random;
  traceId: string;
  /** Spans to make. */
  count: number;
  makeSpanId: () => string;
}

type SpanFacts = Pick<DraftSpan, 'name' | 'service' | 'start' | 'end'> & Partial<DraftSpan>;

export function makeSpan({ traceId, makeSpanId }: LargeSource, facts: SpanFacts): DraftSpan {
  return {
    traceId,
    spanId: makeSpanId(),
    parentSpanId: undefined,
    followsFrom: false,
    scope: undefined,
    kind: 'internal',
    status: 'unset',
    statusMessage: undefined,
    attributes: {},
    events: [],
    links: [],
    ...facts,
  };
}
