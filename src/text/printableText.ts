// Control characters, the line breaks of Unicode, and marks that turn the direction of all text after them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be escaped
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text that may come from anybody, within its line: what would begin another, steer a terminal or turn the direction of
 * what follows is written as its escape, `\n`, `\u001b`.
 */
export function printableText(text: string): string {
  return text.replace(unprintable, (character) => {
    return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What takes two cells of a terminal: East Asian wide and full-width characters, and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks over the letter before them, joiners, and the half of a pair that lost the other. */
const withoutWidth = /[\p{Mark}\u200b-\u200d\u2060\ufeff]/u;

function cellsOf(character: string): number {
  if (character.length === 1 && character < '\u0300') return 1;
  if (withoutWidth.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** How many cells of a terminal a printable text takes, as far as can be said without knowing the terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

/** Exactly so many cells: filled with spaces, or cut, with `ellipsis` (one cell) at the cut. */
export function fittedText(text: string, width: number, ellipsis: string): string {
  // What is longer than any line is not walked through to its end.
  const start = text.length > width * 4 ? text.slice(0, width * 4) : text;
  const whole = textWidth(start);
  if (whole <= width && start === text) return text + ' '.repeat(width - whole);
  if (width < 1) return '';
  let kept = '';
  let used = 0;
  for (const character of start) {
    const cells = cellsOf(character);
    if (used + cells > width - 1) break;
    kept += character;
    used += cells;
  }
  return kept + ellipsis + ' '.repeat(width - 1 - used);
}
