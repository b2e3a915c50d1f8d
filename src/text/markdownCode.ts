import { printableText } from './printableText.ts';

const longestName = 120;
const longestBlock = 2000;

/** A text of anybody's as inline code: there nothing is markup, a link, or a mention. */
export function codeSpan(text: string): string {
  const shown = printableText(cut(text, longestName));
  if (shown.trim() === '') return '(no name)';
  const fence = '`'.repeat(longestRun(shown) + 1);
  // A space at both ends goes away again; without them a backtick at an end would be part of the fence.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/**
 * The same in a cell of a table. There a pipe ends the cell, in code too, unless a backslash stands before it; and where the
 * text has that backslash itself, readers disagree on what two of them mean: a box-drawing bar takes the pipe's place.
 */
export function codeInTable(text: string): string {
  return codeSpan(text).replace(/(\\*)\|/g, (_, backslashes: string) =>
    backslashes === '' ? '\\|' : `${backslashes}│`,
  );
}

/** Lines of anybody's as a block of code. */
export function codeBlock(text: string): string {
  const isCut = text.length > longestBlock;
  const lines = cut(text, longestBlock)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map(printableText);
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const note = isCut ? [`(cut off, ${text.length.toLocaleString('en')} characters in all)`] : [];
  return [`${fence}text`, ...lines, fence, ...note].join('\n');
}

/** Cells are Markdown already. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** At most so many UTF-16 units, no pair halved. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const isPairHalved = /[\ud800-\udbff]/.test(text[most - 2]!);
  return `${text.slice(0, isPairHalved ? most - 2 : most - 1)}…`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
