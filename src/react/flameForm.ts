import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { CriticalStripes } from './flameCritical.ts';
import type { LaneBlocks, LaneSummary, MarkedPlaces } from './flameGraphLanes.ts';
import type { BlockLook } from './flameGraphPainter.ts';
import type { TraceFacts } from './traceFacts.ts';

/** A block's number: a span's index in the timeline form, a merged block in the merged form. */
export type BlockIndex = number;

/** Blocks below blocks: depth-first columns, as a trace's own. Keys walk it. */
export interface BlockTree {
  readonly length: number;
  readonly parent: Int32Array;
  readonly subtreeEnd: Int32Array;
}

/** What a flame graph draws and walks, the same for both of its forms. */
export interface FlameForm {
  readonly trace: Trace;
  readonly facts: TraceFacts;
  readonly tree: BlockTree;
  /** Places of blocks are times in the timeline form, else parts of `mergedWidth`. Lanes as they are drawn, from the top. */
  readonly blocks: LaneBlocks;
  readonly summary: LaneSummary;
  readonly look: BlockLook;
  readonly rootsAtBottom: boolean;
  /** Blocks that a search has found, where there is one. */
  readonly matches: MarkedPlaces | undefined;
  readonly critical: CriticalStripes | undefined;
  /** The block drawn at a place of a lane, or the nearest within a tolerance; -1 for none. */
  blockAt(lane: number, place: number, tolerance: number): BlockIndex;
  /** -1 for a span that is in no block. */
  blockOf(span: SpanIndex): BlockIndex;
  /** The span that is selected with a block. */
  spanOf(block: BlockIndex): SpanIndex;
  /** What assistive technology says of a block. */
  spoken(block: BlockIndex): string;
  /** From 0. */
  level(block: BlockIndex): number;
}

/** The same blocks with the last lane on top. */
export function upsideDown(blocks: LaneBlocks): LaneBlocks {
  const { laneCount, lane, laneOffsets, laneSpans } = blocks;
  const offsets = new Int32Array(laneCount + 1);
  const spans = new Int32Array(laneSpans.length);
  for (let at = 0; at < laneCount; at++) {
    const from = laneCount - 1 - at;
    offsets[at + 1] = offsets[at]! + laneOffsets[from + 1]! - laneOffsets[from]!;
    spans.set(laneSpans.subarray(laneOffsets[from], laneOffsets[from + 1]), offsets[at]);
  }
  return { ...blocks, lane: lane.map((each) => laneCount - 1 - each), laneOffsets: offsets, laneSpans: spans };
}

/** A rectangle in pixels of the window. */
export interface WindowRect {
  left: CssPixels;
  right: CssPixels;
  top: CssPixels;
  bottom: CssPixels;
}
