import type { SpanIndex } from '../model/columns.ts';
import type { TranscriptPart } from '../transforms/agentTranscript.ts';

export interface TranscriptRow {
  readonly part: TranscriptPart;
  /** How many runs of sub-agents it lies within. */
  readonly depth: number;
  /** A sub-agent, whose own steps are folded until somebody opens it. */
  readonly isFold: boolean;
  readonly isOpen: boolean;
  /** Steps below, of a fold. */
  readonly steps: number;
}

/**
 * The steps that are shown, in reading order. Those of the outermost agent with steps of its own lie open, those of agents within are folded. A loop:
 * agents may call agents to any depth.
 */
export function transcriptRows(parts: readonly TranscriptPart[], opened: ReadonlySet<SpanIndex>): TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  const levels = [{ parts, next: 0, depth: 0, isWithinAgent: false }];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const part = level.parts[level.next++];
    if (!part) {
      levels.pop();
      continue;
    }
    const isAgent = part.kind === 'agent';
    const isFold = isAgent && level.isWithinAgent && part.parts.length > 0;
    const isOpen = !isFold || opened.has(part.span);
    rows.push({ part, depth: level.depth, isFold, isOpen, steps: isFold ? countSteps(part) : 0 });
    if (part.parts.length === 0 || !isOpen) continue;
    levels.push({
      parts: part.parts,
      next: 0,
      depth: level.depth + (isFold ? 1 : 0),
      isWithinAgent: level.isWithinAgent || (isAgent && hasOwnSteps(part)),
    });
  }
  return rows;
}

/** An agent that does nothing but to start another is not the one whose run is read. */
function hasOwnSteps({ parts }: TranscriptPart): boolean {
  return parts.some(({ kind }) => kind !== 'agent');
}

function countSteps(part: TranscriptPart): number {
  let count = 0;
  const waiting = [part];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    count += next.parts.length;
    for (const below of next.parts) waiting.push(below);
  }
  return count;
}
