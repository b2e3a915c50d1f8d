/** How many colours the palette has; `data-color` runs from 0 to one below. */
export const paletteSize = 10;

/**
 * A place in the palette for a name, from a hash of it, so that a service or kind has the same colour in every trace and
 * on every day. FNV-1a over UTF-16 units.
 */
export function colorOfText(text: string): number {
  const known = knownColors.get(text);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % paletteSize;
}

/** The kinds of agent spans are few and meet in every run: their colours are chosen to be told apart. */
const knownColors: ReadonlyMap<string, number> = new Map([
  ['agent', 0],
  ['llm', 6],
  ['tool', 1],
  ['memory', 3],
  ['decision', 2],
  ['iteration', 9],
  ['chain', 9],
  ['retriever', 5],
  ['embedding', 3],
  ['reranker', 8],
  ['guardrail', 8],
  ['evaluator', 7],
  ['http', 0],
  ['db', 3],
  ['queue', 7],
  ['rpc', 5],
  ['other', 9],
]);
