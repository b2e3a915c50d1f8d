import type { MergedFlameGraphLayout } from '../layout/mergedFlameGraph.ts';
import type { AgentKind } from '../transforms/agentKind.ts';
import { CriticalShares } from './flameCritical.ts';
import { type BlockIndex, type FlameForm, upsideDown } from './flameForm.ts';
import { LaneSummary, MarkedPlaces } from './flameGraphLanes.ts';
import type { BlockLook } from './flameGraphPainter.ts';
import { blockName, spokenBlock } from './flameSpoken.ts';
import { colorOfOther, type SpanColorBy, SpanColors } from './spanColors.ts';
import type { TraceFacts } from './traceFacts.ts';

/** Places of merged blocks run from 0 to this: a width to zoom into, as time is in the other form. */
export const mergedWidth = 1e12;

export interface MergedOptions {
  colorBy: SpanColorBy;
  rootsAtBottom: boolean;
  criticalPath: boolean;
  matches: Uint8Array | undefined;
  /** Blocks of one row of the table, by block, where others are to step back. */
  highlighted: ((block: BlockIndex) => boolean) | undefined;
  /** Whether widths are time: then blocks say what their spans took, which is less than their width where children ran at once. */
  isTime: boolean;
  formatWeight: (weight: number) => string;
}

/** A merged layout as a flame graph draws it. */
export function mergedForm(layout: MergedFlameGraphLayout, facts: TraceFacts, options: MergedOptions): FlameForm {
  const { trace, length, depthCount } = layout;
  const { rootsAtBottom, isTime, formatWeight } = options;
  const value = (block: BlockIndex) => formatWeight(isTime ? layout.totalTime[block]! : layout.weight[block]!);
  const upright = {
    laneCount: depthCount,
    lane: layout.depth,
    laneOffsets: layout.depthOffsets,
    laneSpans: layout.depthBlocks,
    start: layout.x0.map((x) => x * mergedWidth),
    end: layout.x1.map((x) => x * mergedWidth),
  };
  const blocks = rootsAtBottom ? upsideDown(upright) : upright;
  const shown = shownBlocks(layout, options);
  return {
    trace,
    facts,
    tree: layout,
    blocks,
    summary: new LaneSummary(blocks, new MarkedPlaces(blocks, layout.errors)),
    look: new MergedLook(layout, facts, options.colorBy, shown, value),
    rootsAtBottom,
    matches: shown && new MarkedPlaces(blocks, shown),
    critical: options.criticalPath && length > 0 ? new CriticalShares(layout, mergedWidth) : undefined,
    blockAt: (lane, place, tolerance) =>
      layout.blockAt(rootsAtBottom ? depthCount - 1 - lane : lane, place / mergedWidth, tolerance / mergedWidth),
    blockOf: (span) => layout.blockOf[span]!,
    spanOf: (block) => layout.longestSpan[block]!,
    spoken: (block) => spokenBlock(layout, block, value(block)),
    level: (block) => layout.depth[block]!,
  };
}

/** By block, 1 for what has a match in it or is of the row highlighted; undefined where nothing steps back. */
function shownBlocks(layout: MergedFlameGraphLayout, { matches, highlighted }: MergedOptions): Uint8Array | undefined {
  if (!matches && !highlighted) return undefined;
  const shown = new Uint8Array(layout.length);
  if (highlighted) {
    for (let block = 0; block < layout.length; block++) shown[block] = highlighted(block) ? 1 : 0;
    return shown;
  }
  for (let index = 0; index < matches!.length; index++) {
    const block = matches![index] === 0 ? -1 : layout.blockOf[index]!;
    if (block >= 0) shown[block] = 1;
  }
  return shown;
}

class MergedLook implements BlockLook {
  readonly #layout: MergedFlameGraphLayout;
  readonly #facts: TraceFacts;
  readonly #colors: SpanColors;
  readonly #shown: Uint8Array | undefined;
  readonly #value: (block: BlockIndex) => string;
  readonly #labels = new Map<BlockIndex, string>();
  readonly #values = new Map<BlockIndex, string>();

  constructor(
    layout: MergedFlameGraphLayout,
    facts: TraceFacts,
    colorBy: SpanColorBy,
    shown: Uint8Array | undefined,
    value: (block: BlockIndex) => string,
  ) {
    this.#layout = layout;
    this.#facts = facts;
    this.#colors = new SpanColors(layout.trace, facts, colorBy);
    this.#shown = shown;
    this.#value = value;
  }

  get isGuessing(): boolean {
    return this.#colors.isGuessing;
  }

  beginFrame(): void {
    this.#colors.beginFrame();
  }

  color(block: BlockIndex): number {
    return this.#layout.folded[block]! > 0 ? colorOfOther : this.#colors.color(this.#layout.longestSpan[block]!);
  }

  isDimmed(block: BlockIndex): boolean {
    return this.#shown !== undefined && this.#shown[block] === 0;
  }

  label(block: BlockIndex): string {
    return kept(this.#labels, block, () => blockName(this.#layout, block));
  }

  value(block: BlockIndex): string {
    return kept(this.#values, block, () => this.#value(block));
  }

  kind(block: BlockIndex): AgentKind {
    return this.#layout.folded[block]! > 0 ? 'other' : this.#facts.kind(this.#layout.longestSpan[block]!);
  }

  isError(block: BlockIndex): boolean {
    return this.#layout.errors[block]! > 0;
  }

  /** Some of its spans may be: it has an end all the same. */
  isOpen(): boolean {
    return false;
  }
}

function kept(texts: Map<BlockIndex, string>, block: BlockIndex, make: () => string): string {
  let text = texts.get(block);
  if (text === undefined) {
    text = make();
    texts.set(block, text);
  }
  return text;
}
