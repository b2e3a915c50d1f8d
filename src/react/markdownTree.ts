import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** Deeper than people nest quotes and lists. What is deeper was made to break a reader: it is shown as text. */
const deepest = 40;

/** CommonMark with GitHub's tables, tasks, strikethrough and bare addresses, as a tree; undefined where it nests too deep. */
export function markdownTree(text: string): Root | undefined {
  if (nestsTooDeep(text)) return undefined;
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return isDeeper(root, deepest) ? undefined : root;
}

/** Told by the marks alone, before a parser spends time on them. */
function nestsTooDeep(text: string): boolean {
  return /(?:>[ \t]?){40}|[*_~]{80}|[[(]{80}|(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){40}/.test(text);
}

interface TreeNode {
  readonly type: string;
  readonly children?: readonly TreeNode[];
}

function isDeeper(root: TreeNode, limit: number): boolean {
  let level: readonly TreeNode[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((node) => node.children ?? []);
  }
  return false;
}
