import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import { type AgentKind, agentKinds } from './agentKindRules.ts';
import { clampedTimes } from './clampedTimes.ts';

/** In nanoseconds. */
export interface TimeByWork {
  readonly llm: Nanoseconds;
  readonly tool: Nanoseconds;
  /** Retrievers, embeddings, rerankers. */
  readonly retrieval: Nanoseconds;
  readonly memory: Nanoseconds;
  /** Guardrails, requests, queries and the like that are not part of one of the above. */
  readonly other: Nanoseconds;
}

/** Where a run's time went. Unions of intervals, never sums: calls in parallel count once. */
export interface AgentTime {
  readonly total: Nanoseconds;
  /** In which such work ran. May overlap, so may add up to more than the total. */
  readonly busy: TimeByWork;
  /**
   * The total shared out, for a bar: each moment goes to the first in this order that ran then: llm, tool, retrieval,
   * memory, other; else it is idle.
   */
  readonly shares: TimeByWork & { readonly idle: Nanoseconds };
}

const works = ['llm', 'tool', 'retrieval', 'memory', 'other'] as const;
type Work = (typeof works)[number];
const noWork = 255;
const otherWork = works.indexOf('other');

const workOfKind: Partial<Record<AgentKind, Work>> = {
  llm: 'llm',
  tool: 'tool',
  retriever: 'retrieval',
  embedding: 'retrieval',
  reranker: 'retrieval',
  memory: 'memory',
  guardrail: 'other',
  evaluator: 'other',
  decision: 'other',
};
const workOfCode = Uint8Array.from(agentKinds, (kind) => {
  const work = workOfKind[kind];
  return work === undefined ? noWork : works.indexOf(work);
});

/**
 * A moment belongs to the innermost work that runs then: a call within a tool is the model's time, not the tool's. What is no
 * work of an agent (a request, a query, a step without steps) counts as other where it is no part of one.
 */
export function agentTime(trace: Trace, { kind }: AgentColumns): AgentTime {
  const { length, parent, subtreeEnd } = trace.columns;
  const { start, end } = clampedTimes(trace);
  const work = new Uint8Array(length).fill(noWork);
  /** The nearest work around, -1 for none. */
  const around = new Int32Array(length);
  const ran: number[] = [];
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    around[index] = above < 0 ? -1 : work[above] === noWork ? around[above]! : above;
    work[index] = workOfCode[kind[index]!]!;
    const isLeaf = subtreeEnd[index] === index + 1;
    if (work[index] === noWork && isLeaf && around[index]! < 0) work[index] = otherWork;
    if (work[index] !== noWork && end[index]! > start[index]!) ran.push(index);
  }
  const sweep = new Sweep(work, around);
  const starts = Uint32Array.from(ran).sort((a, b) => start[a]! - start[b]!);
  const ends = Uint32Array.from(ran).sort((a, b) => end[a]! - end[b]!);
  let next = 0;
  for (const ending of ends) {
    for (; next < starts.length && start[starts[next]!]! < end[ending]!; next++)
      sweep.begin(starts[next]!, start[starts[next]!]!);
    sweep.finish(ending, end[ending]!);
  }
  const shared = sweep.shares.reduce((sum, share) => sum + share, 0);
  return {
    total: trace.duration,
    busy: byWork(sweep.busy),
    shares: { ...byWork(sweep.shares), idle: Math.max(0, trace.duration - shared) },
  };
}

function byWork(times: Float64Array): TimeByWork {
  return Object.fromEntries(works.map((work, place) => [work, times[place]!])) as unknown as TimeByWork;
}

/** How many spans of each work run and have no work within them, moment after moment. */
class Sweep {
  readonly busy = new Float64Array(works.length);
  readonly shares = new Float64Array(works.length);
  readonly #work: Uint8Array;
  readonly #around: Int32Array;
  readonly #isRunning: Uint8Array;
  /** Work that runs within each span. */
  readonly #within: Uint32Array;
  readonly #innermost = new Int32Array(works.length);
  #reached = 0;

  constructor(work: Uint8Array, around: Int32Array) {
    this.#work = work;
    this.#around = around;
    this.#isRunning = new Uint8Array(work.length);
    this.#within = new Uint32Array(work.length);
  }

  begin(span: number, time: number): void {
    this.#pass(time);
    this.#isRunning[span] = 1;
    if (this.#within[span] === 0) this.#innermost[this.#work[span]!]!++;
    const outer = this.#around[span]!;
    if (outer < 0) return;
    if (this.#within[outer] === 0 && this.#isRunning[outer] === 1) this.#innermost[this.#work[outer]!]!--;
    this.#within[outer]!++;
  }

  finish(span: number, time: number): void {
    this.#pass(time);
    this.#isRunning[span] = 0;
    if (this.#within[span] === 0) this.#innermost[this.#work[span]!]!--;
    const outer = this.#around[span]!;
    if (outer < 0) return;
    this.#within[outer]!--;
    if (this.#within[outer] === 0 && this.#isRunning[outer] === 1) this.#innermost[this.#work[outer]!]!++;
  }

  #pass(time: number): void {
    const passed = time - this.#reached;
    this.#reached = time;
    if (passed <= 0) return;
    let isShared = false;
    for (let work = 0; work < works.length; work++) {
      if (this.#innermost[work]! <= 0) continue;
      this.busy[work]! += passed;
      if (!isShared) this.shares[work]! += passed;
      isShared = true;
    }
  }
}
