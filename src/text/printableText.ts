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
