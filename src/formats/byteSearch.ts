import type { ByteSource } from './byteSource.ts';

/** What is asked of `ByteSearch` for one needle, worked out once. */
interface Needle {
  /** Bytes of the text in lower case; undefined where every span is to be read, as the text could come of other bytes. */
  readonly bytes: Uint8Array | undefined;
  readonly isAscii: boolean;
  readonly folded: string;
  /** By byte: how far the needle can be moved on where this byte stands below its end. */
  readonly shifts: Uint16Array;
  /** By number of the context: 0 for not known yet, 1 for no, 2 for perhaps. */
  readonly contexts: Uint8Array;
}

/** What is known of a span's bytes, whatever is looked for. */
const isLookedAt = 1;
/** A text could be spelled otherwise than it reads. */
const isSpelled = 2;
const isBeyondAscii = 4;

/** Needles that are remembered: a query has a few. */
const mostNeedles = 16;

/** Texts that formats make of what is spelled otherwise, as of a value that is not there. */
const derivedTexts = ['null', 'true', 'false', 'nan', '-infinity', '+infinity', 'log', 'service.name'];

/** In lower case; `@`, which stands for a dot in Elasticsearch's keys, is a dot. */
const folds = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
folds[64] = 46;

/**
 * Whether spans that stand in a file's bytes might hold a text, without reading them: see `DetailSource.mayContain`. The text
 * is looked for as it is written in JSON (R. N. Horspool, "Practical fast searching in strings", 1980). A span in which a text
 * could be written in another way is one that might hold it: an escape that could stand for any character, text in text.
 */
export class ByteSearch {
  readonly #source: ByteSource;
  /** Where a row's span stands: from, and one past its end or beyond. */
  readonly #rangeOf: (row: number) => readonly [from: number, to: number];
  readonly #contextOf: (row: number) => number;
  /** All that the spans of a context share, as JSON. */
  readonly #textOfContext: (context: number) => string;
  readonly #contextCount: number;
  readonly #known: Uint8Array;
  readonly #needles = new Map<string, Needle>();

  constructor(
    source: ByteSource,
    rowCount: number,
    contextCount: number,
    rangeOf: (row: number) => readonly [from: number, to: number],
    contextOf: (row: number) => number,
    textOfContext: (context: number) => string,
  ) {
    this.#source = source;
    this.#known = new Uint8Array(rowCount);
    this.#contextCount = contextCount;
    this.#rangeOf = rangeOf;
    this.#contextOf = contextOf;
    this.#textOfContext = textOfContext;
  }

  mayContain(row: number, text: string): boolean {
    let needle = this.#needles.get(text);
    if (!needle) {
      if (this.#needles.size >= mostNeedles) this.#needles.clear();
      needle = needleOf(text, this.#contextCount);
      this.#needles.set(text, needle);
    }
    if (!needle.bytes || this.#mayContextContain(this.#contextOf(row), needle)) return true;
    const [from, to] = this.#rangeOf(row);
    const bytes = this.#source.bytes(from, to);
    let known = this.#known[row]!;
    if (known === 0) {
      known = spellingIn(bytes);
      this.#known[row] = known;
    }
    if ((known & isSpelled) !== 0) return true;
    if (!needle.isAscii) return (known & isBeyondAscii) !== 0;
    return isIn(bytes, needle.bytes, needle.shifts);
  }

  #mayContextContain(context: number, { contexts, folded, isAscii }: Needle): boolean {
    if (contexts[context] === 0) {
      const text = this.#textOfContext(context);
      // Beyond ASCII case is more than a letter's other form.
      const isPlain = /^[\0-\x7f]*$/.test(text) && !text.includes('\\');
      const mayContain = !isPlain || (isAscii && withDots(text).includes(withDots(folded)));
      contexts[context] = mayContain ? 2 : 1;
    }
    return contexts[context] === 2;
  }
}

function withDots(text: string): string {
  return text.toLowerCase().replaceAll('@', '.');
}

function needleOf(text: string, contextCount: number): Needle {
  const folded = text.toLowerCase();
  const bytes = isDerivable(folded) ? undefined : encoder.encode(folded).map((byte) => folds[byte]!);
  const length = Math.min(bytes?.length ?? 0, 0xffff);
  const shifts = new Uint16Array(256).fill(length);
  for (let at = 0; at < length - 1; at++) shifts[bytes![at]!] = length - 1 - at;
  return {
    ...{ bytes: length < 0xffff ? bytes : undefined, folded, shifts },
    isAscii: /^[\0-\x7f]*$/.test(folded),
    contexts: new Uint8Array(contextCount),
  };
}

const encoder = new TextEncoder();

/**
 * Whether a text can be had of bytes that do not spell it: what has to be escaped in JSON, numbers and literals (`1e3` is
 * 1000), ids (base64 for hex), and what JSON has between its values, as nested values may be made text again.
 */
function isDerivable(folded: string): boolean {
  if (/["\\{}[\]\p{Cc}]/u.test(folded)) return true;
  return folded
    .split(/[,:]/)
    .every(
      (part) =>
        /^[-+.0-9e]*$/.test(part) || /^[0-9a-f]*$/.test(part) || derivedTexts.some((text) => text.includes(part)),
    );
}

function spellingIn(bytes: Uint8Array): number {
  let known = isLookedAt;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 92) {
      const next = bytes[++at];
      // Any character, a backslash for text in text, a slash. What the others stand for no needle holds.
      if (next === 117 || next === 92 || next === 47) return known | isSpelled | isBeyondAscii;
    } else if (byte > 127) {
      known |= isBeyondAscii;
      // U+212A and U+0130, whose lower case is k and i.
      if ((byte === 0xe2 && bytes[at + 1] === 0x84) || (byte === 0xc4 && bytes[at + 1] === 0xb0)) known |= isSpelled;
    }
  }
  return known;
}

function isIn(bytes: Uint8Array, needle: Uint8Array, shifts: Uint16Array): boolean {
  const last = needle.length - 1;
  const end = bytes.length;
  const lastByte = needle[last]!;
  for (let at = last; at < end; ) {
    const byte = folds[bytes[at]!]!;
    if (byte === lastByte) {
      let back = 1;
      while (back <= last && folds[bytes[at - back]!] === needle[last - back]) back++;
      if (back > last) return true;
    }
    at += shifts[byte]!;
  }
  return false;
}
