/** Two hashes of 32 bits in one text (FNV-1a and Bernstein's), so that chance does not make two texts one. */
export function textHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 5381;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = (Math.imul(b, 33) + code) | 0;
  }
  return `${text.length}:${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
