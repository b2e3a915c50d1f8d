import type { FlameGraphLayout } from '../layout/flameGraph.ts';
import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { CriticalSections } from './flameCritical.ts';
import { type FlameForm, upsideDown } from './flameForm.ts';
import { type LaneBlocks, LaneSummary, MarkedPlaces } from './flameGraphLanes.ts';
import { SpanLook } from './flameGraphLook.ts';
import { spokenSpan } from './flameSpoken.ts';
import { type SpanColorBy, SpanColors } from './spanColors.ts';
import type { TraceFacts } from './traceFacts.ts';

export interface TimelineOptions {
  colorBy: SpanColorBy;
  rootsAtBottom: boolean;
  criticalPath: boolean;
  /** A byte a span: 1 for what a search has found. */
  matches: Uint8Array | undefined;
}

/** What of a timeline stays while its options change, so that a change of one does not work out the others anew. */
export class FlameTimeline {
  readonly #trace: Trace;
  readonly #facts: TraceFacts;
  readonly #layout: FlameGraphLayout;
  readonly #arranged: { upright?: Arranged; upsideDown?: Arranged } = {};
  #critical: CriticalSections | undefined;
  #colors: { by: SpanColorBy; colors: SpanColors } | undefined;

  constructor(trace: Trace, facts: TraceFacts) {
    this.#trace = trace;
    this.#facts = facts;
    this.#layout = facts.flameGraph;
  }

  form({ colorBy, rootsAtBottom, criticalPath, matches }: TimelineOptions): FlameForm {
    const trace = this.#trace;
    const facts = this.#facts;
    const layout = this.#layout;
    const { blocks, summary } = this.#arrange(rootsAtBottom);
    if (this.#colors?.by !== colorBy) this.#colors = { by: colorBy, colors: new SpanColors(trace, facts, colorBy) };
    if (criticalPath) this.#critical ??= new CriticalSections(facts.criticalTable);
    return {
      trace,
      facts,
      tree: trace.columns,
      blocks,
      summary,
      look: new SpanLook(trace, facts, this.#colors.colors, matches),
      rootsAtBottom,
      matches: matches && new MarkedPlaces(blocks, matches),
      critical: criticalPath ? this.#critical : undefined,
      blockAt: (lane, time, tolerance) =>
        layout.spanAt(rootsAtBottom ? layout.laneCount - 1 - lane : lane, time, tolerance),
      blockOf: (span) => span,
      spanOf: (block) => block,
      spoken: (block) => spokenSpan(trace, block),
      level: (block) => trace.columns.depth[block]!,
    };
  }

  #arrange(rootsAtBottom: boolean): Arranged {
    const way = rootsAtBottom ? 'upsideDown' : 'upright';
    const arranged = this.#arranged[way];
    if (arranged) return arranged;
    const blocks = rootsAtBottom ? upsideDown(this.#layout) : this.#layout;
    const errors = new MarkedPlaces(blocks, this.#trace.columns.status, statusCode.error);
    const made = { blocks, summary: new LaneSummary(blocks, errors) };
    this.#arranged[way] = made;
    return made;
  }
}

interface Arranged {
  blocks: LaneBlocks;
  summary: LaneSummary;
}
