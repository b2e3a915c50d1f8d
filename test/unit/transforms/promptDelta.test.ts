import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { type AgentMessage, promptDelta } from '../../../src/core.ts';

/** `u:hello a:yes` */
function talk(text: string): AgentMessage[] {
  const roles = { s: 'system', u: 'user', a: 'assistant', t: 'tool' } as const;
  return text
    .split(' ')
    .filter(Boolean)
    .map((word) => ({ role: roles[word[0] as keyof typeof roles], parts: [{ type: 'text', text: word.slice(2) }] }));
}

function textOf(message: AgentMessage): string {
  const [part] = message.parts;
  return `${message.role[0]}:${part?.type === 'text' ? part.text : part?.type}`;
}

function delta(before: string, now: string, answer = ''): string {
  const { kept, changes } = promptDelta({ input: talk(before), output: talk(answer) }, { input: talk(now) });
  const lines = changes.map((change) => {
    if (change.type === 'removed') return `-${textOf(change.message)}@${change.position}`;
    if (change.type === 'rewritten') return `${textOf(change.before)}>${textOf(change.message)}@${change.position}`;
    return `+${textOf(change.message)}@${change.position}${change.isPreviousAnswer ? '*' : ''}`;
  });
  return [`kept ${kept}`, ...lines].join(' ');
}

describe('promptDelta', () => {
  it.each([
    ['what was answered and what was said since', 's:x u:1', 's:x u:1 a:2 t:3', 'a:2', 'kept 2 +a:2@2* +t:3@3'],
    ['nothing where nothing changed', 'u:1 a:2', 'u:1 a:2', '', 'kept 2'],
    ['what was dropped', 's:x u:1 a:2 u:3', 's:x u:3', '', 'kept 2 -u:1@1 -a:2@2'],
    ['what was rewritten in its place', 's:x u:1 a:2', 's:y u:1 a:2', '', 'kept 2 s:x>s:y@0'],
    ['a compaction', 's:x u:1 a:2 u:3 a:4', 's:x u:sum a:4', '', 'kept 2 -a:2@2 -u:3@3 u:1>u:sum@1'],
    ['the same said twice', 'u:1', 'u:1 u:1', '', 'kept 1 +u:1@1'],
    ['all of a first prompt', '', 'u:1', '', 'kept 0 +u:1@0'],
  ])('tells %s', (_, before, now, answer, expected) => {
    expect(delta(before, now, answer)).toBe(expected);
  });

  it('takes messages of two libraries’ making for the same by what they say', () => {
    const call = { type: 'tool-call', name: 'f', arguments: { a: 1 } } as const;
    const before: AgentMessage[] = [{ role: 'assistant', sourceRole: 'model', parts: [{ ...call, id: '1' }] }];
    const now: AgentMessage[] = [{ role: 'assistant', parts: [call], finishReason: 'stop' }];
    expect(promptDelta({ input: before, output: [] }, { input: now })).toEqual({ kept: 1, changes: [] });
  });

  it('loses no message and keeps no less than a slow search, on random talks without repetitions', () => {
    const random = createRandom(7);
    for (let round = 0; round < 200; round++) {
      const shuffled = () => Array.from({ length: 10 }, (_, at) => `u:${at}`).filter(() => random.unit() < 0.7);
      const before = shuffled();
      const now = [...shuffled(), ...(random.unit() < 0.5 ? ['u:new'] : [])];
      if (random.unit() < 0.5) now.reverse();
      const found = promptDelta({ input: talk(before.join(' ')), output: [] }, { input: talk(now.join(' ')) });
      expect(found.kept).toBe(longestCommon(before, now));
      const said = found.changes.filter(({ type }) => type !== 'removed').length;
      const dropped = found.changes.filter(({ type }) => type !== 'added').length;
      expect([found.kept + said, found.kept + dropped]).toEqual([now.length, before.length]);
    }
  });

  it('takes 20,000 messages', () => {
    const words = Array.from({ length: 20_000 }, (_, at) => `u:${at}`);
    expect(delta(words.join(' '), [...words].reverse().join(' ')).startsWith('kept 1 ')).toBe(true);
  });
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      rows[i]![j] = a[i - 1] === b[j - 1] ? rows[i - 1]![j - 1]! + 1 : Math.max(rows[i - 1]![j]!, rows[i]![j - 1]!);
  return rows[a.length]![b.length]!;
}
