import { diffLines, diffWordsWithSpace } from 'diff';

export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Longer texts are compared line by line: words would take seconds, and say less. */
const longestByWords = 12_000;
/** In ms; a comparison is worth no freeze. */
const patience = 250;

/** What is different, in order; undefined where finding out would take too long. */
export function textDiff(before: string, after: string): DiffPart[] | undefined {
  const isShort = before.length + after.length <= longestByWords;
  const options = { timeout: patience };
  const changes = isShort ? diffWordsWithSpace(before, after, options) : diffLines(before, after, options);
  return changes?.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}
