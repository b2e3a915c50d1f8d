// Bidirectional overrides, embeddings and isolates turn the order of what is read (`gnp.exe` as `exe.png`), invisible
// tag characters hide what a model reads. Written as escapes: here they would turn this file's own lines.
const invisible = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/** A text of hostile origin as it may be shown: characters that reorder or hide it stand as their code. A copy has the original. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => `[U+${character.codePointAt(0)!.toString(16).toUpperCase()}]`);
}
