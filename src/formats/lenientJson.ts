import { type AttributeValue, setAttribute } from '../model/details.ts';
import { isSpanLike, leadsToSpans, spanLists, wrappers } from './spanShape.ts';

/** What a value of a damaged text came to. */
export interface LenientValue {
  /** Undefined where no whole record came before the text broke off. */
  value: unknown;
  /** One past the last character read: where the next value may begin, or where reading stopped. */
  end: number;
  /** `truncated`: the text ended within the value. `damaged`: something stood there that no JSON has. */
  outcome: 'whole' | 'truncated' | 'damaged';
  /** At how many places stands what no JSON has there; `firstFault` is the first, -1 for none. Being cut off is none. */
  faults: number;
  firstFault: number;
  /** What was expected at the first of them. */
  expected: string;
  /** Whole spans, and what holds some, that came after a fault and whose place in the value is lost with it. */
  strays: unknown[];
  /** How often something was read that JSON does not have: a comma before a closing bracket, NaN, Infinity, a raw line break in a string. */
  oddities: number;
  /** Where the first of them stands; -1 for none. */
  firstOddity: number;
}

interface OpenContainer {
  readonly container: unknown[] | Record<string, unknown>;
  /** Where it begins in the text. */
  readonly from: number;
  /**
   * `way`: leads to spans; an element of a list that is cut off keeps the spans that it holds so far. `spans`: a list whose
   * elements are whole spans; one that is cut off is dropped, as half a span would pass for an open one or a root.
   * `within`: in a span, or beside the way.
   */
  readonly role: 'way' | 'spans' | 'within';
  /** Whether a list of spans was closed in it: then it is worth keeping though it is cut off itself. */
  hasSpans: boolean;
  isEmpty: boolean;
  isAfterComma: boolean;
}

const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

type Problem = 'truncated' | 'damaged';

/** Python's `json` writes the last three. */
const literals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads the object or array that begins at `from`, as far as it goes: what `JSON.parse` refuses whole is often one cut or
 * one comma away from a good file. Beside JSON it takes commas before a closing bracket, raw control characters in strings, escapes
 * that JSON does not know (kept as they are), and NaN and the infinities, by their values. Where the text ends,
 * what is open is closed after the last whole span. Where it goes wrong, the span that it goes wrong in is left out, and reading
 * goes on with the next whole span.
 *
 * No recursion: depth costs memory alone. The text is read once, and again only where something is wrong with it, a fixed
 * number of times over in all.
 */
export function readLenient(text: string, from: number): LenientValue {
  return new LenientReader(text, from, { characters: 16 * (text.length - from) + 100_000 }).read();
}

/** The same without going on after a fault: for who only asks whether a whole value stands there. */
export function tryLenient(text: string, from: number): LenientValue {
  return new LenientReader(text, from).read();
}

/** How much may still be read in search of whole spans: hostile brackets would have the rest read once for each of them. */
interface Budget {
  characters: number;
}

class LenientReader {
  readonly #text: string;
  #at: number;
  readonly #open: OpenContainer[] = [];
  #oddities = 0;
  #firstOddity = -1;
  #expected = '';
  #faults = 0;
  #firstFault = -1;
  readonly #strays: unknown[] = [];
  /** Undefined for who only tries whether a whole value stands there. */
  readonly #budget: Budget | undefined;
  /** Where the latest string begins, -1 once a bracket has closed after it: a quote too much hides what follows in a string. */
  #stringFrom = -1;
  /** Where the latest span ends that was found after a fault. */
  #resumedAt = 0;
  /** What `#readValue` read last. */
  #value: unknown;

  constructor(text: string, from: number, budget?: Budget) {
    this.#text = text;
    this.#at = from;
    this.#budget = budget;
  }

  read(): LenientValue {
    this.#openContainer('');
    const root = this.#open[0]!.container;
    let problem: Problem | undefined;
    while (problem === undefined && this.#open.length > 0) {
      problem = this.#step(this.#open[this.#open.length - 1]!);
      if (problem && this.#budget && this.#goOnAtNextSpan(this.#budget)) problem = undefined;
    }
    return {
      value: problem && !this.#keepWholeSpans() ? undefined : root,
      end: this.#at,
      outcome: problem ?? 'whole',
      faults: this.#faults,
      firstFault: this.#firstFault,
      expected: this.#expected,
      strays: this.#strays,
      oddities: this.#oddities,
      firstOddity: this.#firstOddity,
    };
  }

  /** Reads a closing bracket, a comma, an element or a member. */
  #step(frame: OpenContainer): Problem | undefined {
    const code = this.#skipSpace();
    if (Number.isNaN(code)) return 'truncated';
    if (code === closeBrace || code === closeBracket) return this.#close(frame, code);
    if (!frame.isEmpty && !frame.isAfterComma) {
      if (code !== comma) return this.#damaged('a comma or a closing bracket');
      this.#at++;
      frame.isAfterComma = true;
      return undefined;
    }
    const { container } = frame;
    let key = '';
    if (!Array.isArray(container)) {
      const problem = this.#readKey();
      if (problem) return problem;
      key = this.#value as string;
    }
    const problem = this.#readValue(key);
    if (problem) return problem;
    frame.isEmpty = false;
    frame.isAfterComma = false;
    if (Array.isArray(container)) container.push(this.#value);
    // What JSON may hold is more than an attribute's value, but the own key `__proto__` needs the same care.
    else setAttribute(container as Record<string, AttributeValue>, key, this.#value as AttributeValue);
    return undefined;
  }

  #close(frame: OpenContainer, code: number): Problem | undefined {
    if (code !== (Array.isArray(frame.container) ? closeBracket : closeBrace)) {
      return this.#damaged(Array.isArray(frame.container) ? '“]”' : '“}”');
    }
    if (frame.isAfterComma) this.#noteOddity(this.#at);
    this.#at++;
    this.#stringFrom = -1;
    this.#open.pop();
    const above = this.#open[this.#open.length - 1];
    if (above && (frame.hasSpans || frame.role === 'spans')) above.hasSpans = true;
    return undefined;
  }

  #readKey(): Problem | undefined {
    if (this.#text.charCodeAt(this.#at) !== quote) return this.#damaged('a key in quotes');
    const problem = this.#readString();
    if (problem) return problem;
    const code = this.#skipSpace();
    if (Number.isNaN(code)) return 'truncated';
    if (code !== colon) return this.#damaged('a colon');
    this.#at++;
    this.#skipSpace();
    return undefined;
  }

  /** Leaves the value in `#value`; an array or object is left there empty, and is the next to be filled. */
  #readValue(key: string): Problem | undefined {
    const code = this.#text.charCodeAt(this.#at);
    if (code === quote) return this.#readString();
    if (code === openBrace || code === openBracket) {
      this.#openContainer(key);
      return undefined;
    }
    return this.#readScalar();
  }

  #openContainer(key: string): void {
    const isArray = this.#text.charCodeAt(this.#at) === openBracket;
    const role = this.#roleOf(key, isArray);
    const container = (isArray && this.#listBefore(key)) || (isArray ? [] : {});
    this.#open.push({ container, from: this.#at, role, hasSpans: false, isEmpty: true, isAfterComma: false });
    this.#value = container;
    this.#at++;
  }

  /** In damaged text a list of spans can come twice, and the second time be cut off: it goes on where the first ended. */
  #listBefore(key: string): unknown[] | undefined {
    const above = this.#open[this.#open.length - 1]?.container as Record<string, unknown>;
    const isOfSpans = spanLists.has(key) || key === 'child_runs';
    const before = isOfSpans && Object.hasOwn(above, key) ? above[key] : undefined;
    return Array.isArray(before) ? before : undefined;
  }

  #roleOf(key: string, isArray: boolean): OpenContainer['role'] {
    const above = this.#open[this.#open.length - 1];
    if (!above) return 'way';
    if (above.role !== 'way') return 'within';
    if (Array.isArray(above.container)) return 'way';
    if (isArray && spanLists.has(key)) return 'spans';
    return wrappers.has(key) ? 'way' : 'within';
  }

  #readString(): Problem | undefined {
    const text = this.#text;
    const from = this.#at + 1;
    this.#stringFrom = this.#at;
    let hasEscapes = false;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        const content = text.slice(from, at);
        this.#value = hasEscapes ? unescaped(content) : content;
        this.#at = at + 1;
        return undefined;
      }
      if (code === backslash) {
        hasEscapes = true;
        at++;
      } else if (code < 32) {
        this.#noteOddity(at);
      }
    }
    this.#at = text.length;
    return 'truncated';
  }

  #readScalar(): Problem | undefined {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    while (at < text.length && isOfScalar(text.charCodeAt(at))) at++;
    // A number at the end of the text may have had more digits.
    if (at === text.length) {
      this.#at = at;
      return 'truncated';
    }
    const word = text.slice(from, at);
    if (jsonNumber.test(word)) this.#value = Number(word);
    else if (literals.has(word)) this.#value = literals.get(word);
    else return this.#damaged('a value');
    if (typeof this.#value === 'number' && !Number.isFinite(this.#value)) this.#noteOddity(from);
    this.#at = at;
    return undefined;
  }

  /** The next character's code, NaN at the text's end. */
  #skipSpace(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
      this.#at++;
    }
  }

  #damaged(expected: string): Problem {
    if (this.#faults++ === 0) {
      this.#expected = expected;
      this.#firstFault = this.#at;
    }
    return 'damaged';
  }

  /**
   * After a fault, or where the text ends within a span: drops the element that it is in, and looks in it and after it for
   * the next whole span. That becomes the next element of the list, and reading goes on behind it. False where there is none.
   */
  #goOnAtNextSpan(budget: Budget): boolean {
    const level = this.#innermostList();
    const element = this.#open[level + 1];
    const isKept = this.#open.slice(level + 1).some(({ hasSpans }) => hasSpans);
    const isDropped = element !== undefined && !isKept;
    const end = this.#endOfSearch(element);
    for (
      let at = this.#text.indexOf('{', Math.max(this.#startOfSearch(level, isDropped), this.#resumedAt));
      at >= 0 && at < end && budget.characters > 0;
      at = this.#text.indexOf('{', at)
    ) {
      const found = new LenientReader(this.#text, at).read();
      budget.characters -= found.end - at;
      const isWhole = found.outcome === 'whole';
      const isSpan = isWhole && isSpanLike(found.value) && !isWithinReference(this.#text, at);
      if (!isSpan && !(isWhole && leadsToSpans(found.value))) {
        at++;
        continue;
      }
      at = found.end;
      const list = isSpan ? this.#listForSpan(level) : this.#listForWrapper(level);
      if (list < 0) {
        this.#strays.push(found.value);
        continue;
      }
      if (isDropped) (this.#open[level]?.container as unknown[] | undefined)?.pop();
      this.#open.length = list + 1;
      const frame = this.#open[list]!;
      (frame.container as unknown[]).push(found.value);
      frame.hasSpans = true;
      frame.isEmpty = false;
      frame.isAfterComma = false;
      this.#at = found.end;
      this.#resumedAt = found.end;
      return true;
    }
    this.#at = Math.max(this.#at, Math.min(end, this.#text.length) - 1);
    return false;
  }

  /** In what is dropped, in what stands beside the way to the spans, or in what passes for a string. */
  #startOfSearch(level: number, isDropped: boolean): number {
    const above = this.#open.slice(level + 1);
    const within = isDropped ? above[0] : above.find(({ role }) => role === 'within');
    if (within) return within.from + 1;
    return this.#stringFrom >= 0 ? this.#stringFrom : this.#at;
  }

  /** -1 where no list is open that spans could be in. */
  #innermostList(): number {
    let level = this.#open.length - 1;
    while (level >= 0 && !(Array.isArray(this.#open[level]!.container) && this.#open[level]!.role !== 'within'))
      level--;
    return level;
  }

  /** A list that is there for spans, or one that has nothing else in it. */
  #listForSpan(level: number): number {
    if (level < 0) return -1;
    const { role, container } = this.#open[level]!;
    if (role === 'spans') return level;
    const first = (container as unknown[])[0];
    return level === 0 && (first === undefined || isSpanLike(first)) ? level : -1;
  }

  #listForWrapper(level: number): number {
    let list = level;
    while (list >= 0 && !(Array.isArray(this.#open[list]!.container) && this.#open[list]!.role === 'way')) list--;
    return list;
  }

  /** A line that begins with a bracket is another value, unless the elements of this one do so. */
  #endOfSearch(element: OpenContainer | undefined): number {
    if (element && this.#text[element.from - 1] === '\n') return this.#text.length;
    lineOfJson.lastIndex = Math.max(0, this.#at - 1);
    const match = lineOfJson.exec(this.#text);
    return match ? match.index + 1 : this.#text.length;
  }

  #noteOddity(at: number): void {
    if (this.#oddities++ === 0) this.#firstOddity = at;
  }

  /** Drops the span that was cut, from the innermost open container outwards. False where nothing is worth keeping. */
  #keepWholeSpans(): boolean {
    let isKept = false;
    for (let level = this.#open.length - 1; level >= 0; level--) {
      const frame = this.#open[level]!;
      const isList = Array.isArray(frame.container) && frame.role !== 'within';
      isKept = isKept || frame.hasSpans || isList;
      const above = this.#open[level - 1];
      if (!isKept && above && above.role !== 'within' && Array.isArray(above.container)) above.container.pop();
    }
    return isKept;
  }
}

const lineOfJson = /\n[[{]/g;

/** Old exports of Jaeger have the span that a reference names in the reference, and its ancestors in that. */
function isWithinReference(text: string, at: number): boolean {
  return /"span"\s{0,9}:\s{0,9}$/.test(text.slice(Math.max(0, at - 30), at));
}

/** Letters, digits and signs: anything but white space, brackets, quotes, commas and colons. */
function isOfScalar(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 45 ||
    code === 43 ||
    code === 46
  );
}

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(content: string): string {
  return content.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (sequence, hex?: string, character?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (character === '"' || character === '\\' || character === '/') return character;
    return shortEscapes[character!] ?? sequence;
  });
}
