import { expect, it } from 'vitest';
import { transcriptRows } from '../../../src/react/transcriptRows.ts';
import type { AgentKind } from '../../../src/transforms/agentKind.ts';
import type { TranscriptPart } from '../../../src/transforms/agentTranscript.ts';

let next = 0;
const part = (kind: AgentKind, label: string, parts: readonly TranscriptPart[] = []): TranscriptPart => ({
  kind,
  span: next++,
  label,
  failure: undefined,
  parts,
  newMessages: () => [],
  answer: () => [],
});

/** A line a row: two spaces for each sub-agent around it, `+n` a fold with its steps, `-` one that is open. */
function drawn(parts: readonly TranscriptPart[], ...opened: number[]): string {
  return transcriptRows(parts, new Set(opened))
    .map((row) => {
      const fold = row.isFold ? (row.isOpen ? '- ' : `+${row.steps} `) : '';
      return `${'  '.repeat(row.depth)}${fold}${row.part.label}`;
    })
    .join('\n');
}

const inner = part('agent', 'writer', [part('llm', 'writes'), part('tool', 'saves')]);
const run = [
  part('agent', 'session', [
    part('agent', 'planner', [part('llm', 'plans'), part('tool', 'delegates', [inner]), part('llm', 'ends')]),
  ]),
];

it('reads the outermost agent with steps of its own, and folds those within', () => {
  expect(drawn(run)).toBe('session\nplanner\nplans\ndelegates\n+2 writer\nends');
  expect(drawn(run, inner.span)).toBe('session\nplanner\nplans\ndelegates\n- writer\n  writes\n  saves\nends');
});

it('overflows no stack where agents call agents without end', () => {
  let deep = part('llm', 'last');
  for (let level = 0; level < 50_000; level++) deep = part('tool', 'calls', [deep]);
  expect(transcriptRows([part('agent', 'a', [deep])], new Set())).toHaveLength(50_002);
});
