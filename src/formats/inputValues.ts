import type { ParseWarning } from '../model/warnings.ts';
import { decodedText } from './inputBytes.ts';
import { type LenientValue, readLenient, tryLenient } from './lenientJson.ts';
import { otherObject, otherText } from './otherFiles.ts';
import { isSpanLike, leadsToSpans } from './spanShape.ts';
import { type TextPosition, TraceFormatError } from './traceFormatError.ts';
import { WarningList } from './warningList.ts';

/** The JSON values of a text, and what was wrong with it. */
export interface InputValues {
  /** One for a JSON file, one a line for JSON Lines, one after another for values that were simply concatenated. */
  values: unknown[];
  /** `truncated`, `unreadable-line`, `damaged-json`, `lenient-json`. */
  warnings: ParseWarning[];
  /** Why the values are not all that was written: a sentence each. */
  reasons: string[];
  /** Lines that could not be read. */
  skipped: number;
  /** What was wrong first, to be thrown where no trace is found in what could be read. */
  failure?: TraceFormatError;
}

/**
 * Reads JSON, JSON Lines, and JSON values written one after another, with or without a byte order mark, in UTF-8 or UTF-16.
 * What is damaged is read as far as it goes: a text that breaks off is closed after its last whole span.
 *
 * @throws TraceFormatError `empty`, `invalid-json` where no value can be had, `unsupported` for compressed and other binary files.
 */
export function readInputText(input: string | ArrayBuffer | ArrayBufferView): InputValues {
  const warnings: ParseWarning[] = [];
  const text = withoutByteOrderMark(typeof input === 'string' ? input : decodedText(input, warnings));
  refuseOtherText(text);
  const whole = tryParse(text);
  if (whole === undefined) return new ManyValues(text, warnings).read();
  // JSON that was written into a JSON string, as logs and double-encoding exporters have it.
  if (typeof whole === 'string' && /^\s*[[{]/.test(whole)) return readInputText(whole);
  return { values: [whole], warnings, reasons: [], skipped: 0 };
}

/** Undefined for what is no JSON. Also where an engine gives up on depth: the lenient reader does not. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function positionAt(text: string, offset: number): TextPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

interface BrokenLine {
  from: number;
  to: number;
  /** Where its first bracket stands in it. */
  start: number;
  number: number;
  isLast: boolean;
}

interface Failure {
  at: number;
  outcome: LenientValue['outcome'];
  expected: string;
}

/** Text that is not one JSON value: JSON Lines, several values, or something damaged. */
class ManyValues {
  readonly #text: string;
  readonly #encodingWarnings: readonly ParseWarning[];
  readonly #values: unknown[] = [];
  readonly #warnings = new WarningList();
  readonly #reasons: string[] = [];
  #skipped = 0;
  /** What went wrong first: the message, where there is no value at all. */
  #failure: Failure | undefined;

  constructor(text: string, warnings: readonly ParseWarning[]) {
    this.#text = text;
    this.#encodingWarnings = warnings;
  }

  read(): InputValues {
    if (looksLikeJsonLines(this.#text)) this.#readLines();
    else this.#readOneAfterAnother();
    const failure = this.#failure && this.#errorOf(this.#failure);
    if (failure && this.#values.length === 0) throw failure;
    if (this.#skipped > 0) {
      this.#reasons.push(`${this.#skipped} ${this.#skipped === 1 ? 'part' : 'parts'} of the file could not be read.`);
    }
    return {
      values: this.#values,
      warnings: [...this.#encodingWarnings, ...this.#warnings.toArray()],
      reasons: this.#reasons,
      skipped: this.#skipped,
      failure,
    };
  }

  #readLines(): void {
    const text = this.#text;
    const end = text.trimEnd().length;
    for (let from = 0, number = 1; from < end; number++) {
      const lineEnd = text.indexOf('\n', from);
      const to = lineEnd < 0 ? text.length : lineEnd;
      const next = this.#readLine(from, to, number, to >= end);
      for (let at = text.indexOf('\n', to + 1); at >= 0 && at < next; at = text.indexOf('\n', at + 1)) number++;
      // What was read across lines may end before its last line does.
      from = text[next] === '\n' ? next + 1 : Math.max(next, from + 1);
    }
  }

  /** Gives where the line ends, or what began in it. */
  #readLine(from: number, to: number, number: number, isLast: boolean): number {
    const line = this.#text.slice(from, to);
    if (isBlank(line)) return to;
    const start = line.search(valueStart);
    const strict = tryParse(line) ?? (start < 0 ? undefined : tryParse(line.slice(start)));
    if (strict !== undefined) {
      this.#values.push(strict);
      return to;
    }
    return start < 0 ? this.#skipLine(number, to) : this.#readBrokenLine({ from, to, start, number, isLast });
  }

  #skipLine(number: number, to: number): number {
    this.#skipped++;
    this.#warnings.add('unreadable-line', (count) => {
      const what = count === 1 ? `Line ${number} is` : `${count} lines (first: line ${number}) are`;
      return `${what} not JSON; skipped but for the whole spans in ${count === 1 ? 'it' : 'them'}.`;
    });
    return to;
  }

  #readBrokenLine({ from, to, start, number, isLast }: BrokenLine): number {
    const line = this.#text.slice(from, to);
    const found = this.#take(readLenient(line, start), from);
    if (found.outcome === 'truncated' && isLast && line.trimStart()[0] === line[start]) {
      this.#noteTruncation();
      return to;
    }
    let isWhole = found.outcome === 'whole' && found.faults === 0;
    let rest = found;
    for (let at = found.end; rest.outcome === 'whole'; at = rest.end) {
      at += line.slice(at).search(valueStart);
      if (at < rest.end) break;
      rest = this.#take(readLenient(line, at), from);
      isWhole &&= rest.outcome === 'whole' && rest.faults === 0;
    }
    if (isWhole) return to;
    return (isLast ? undefined : this.#readAcross(from, to)) ?? this.#skipLine(number, to);
  }

  /** A value that begins in this line and goes on in the next ones; gives where it ends. */
  #readAcross(from: number, to: number): number | undefined {
    let at = this.#text.indexOf('{', from);
    for (let tries = 0; at >= 0 && at < to && tries < 100; tries++) {
      const { value, outcome, end } = tryLenient(this.#text, at);
      if (outcome === 'whole' && end > to && (isSpanLike(value) || leadsToSpans(value))) {
        this.#values.push(value);
        return end;
      }
      at = this.#text.indexOf('{', at + 1);
    }
    return undefined;
  }

  #readOneAfterAnother(): void {
    for (let at = this.#nextValue(0); at >= 0; ) {
      const { end, outcome, faults, firstFault } = this.#take(readLenient(this.#text, at), 0);
      if (faults > 0) this.#noteDamage(faults, firstFault);
      if (outcome === 'truncated') {
        this.#noteTruncation();
        return;
      }
      at = outcome === 'whole' ? this.#nextValue(end) : this.#nextLineOfJson(end);
    }
  }

  #noteDamage(faults: number, first: number): void {
    this.#skipped += faults;
    const describe = (count: number) => {
      const { line, column } = positionAt(this.#text, first);
      const places = count === 1 ? 'The JSON is damaged' : `The JSON is damaged in ${count} places, first`;
      return `${places} at line ${line}, column ${column}; what stands there was left out, and reading went on at the next whole span.`;
    };
    this.#warnings.add('damaged-json', describe, {}, faults);
  }

  /** Keeps the value and notes what was odd about it. `offset` is where the text that was read begins in the whole. */
  #take(found: LenientValue, offset: number): LenientValue {
    if (found.value !== undefined) this.#values.push(found.value);
    if (found.strays.length > 0) this.#values.push(found.strays);
    if (found.faults > 0) {
      this.#failure ??= { at: offset + found.firstFault, outcome: 'damaged', expected: found.expected };
    } else if (found.outcome !== 'whole') {
      this.#failure ??= { at: offset + found.end, outcome: found.outcome, expected: found.expected };
    }
    if (found.oddities > 0) {
      const first = offset + found.firstOddity;
      const describe = (count: number) => {
        const { line, column } = positionAt(this.#text, first);
        return `${count} ${count === 1 ? 'place is' : 'places are'} not JSON to the letter (first: line ${line}, column ${column}): a comma before a closing bracket, a raw control character, NaN or Infinity; read as meant.`;
      };
      this.#warnings.add('lenient-json', describe, {}, found.oddities);
    }
    return found;
  }

  /** Where the next value begins: after white space, commas and record separators, else on the next line that begins one. */
  #nextValue(from: number): number {
    const text = this.#text;
    let at = from;
    while (at < text.length && separators.includes(text[at]!)) at++;
    if (at === text.length) return -1;
    if (text[at] === '{' || text[at] === '[') return at;
    this.#failure ??= { at, outcome: 'damaged', expected: 'an object or an array' };
    this.#skipped++;
    this.#warnings.add('unreadable-line', (count) => {
      const { line } = positionAt(text, at);
      return `Text that is not JSON stands in ${count === 1 ? '' : `${count} places, first in `}line ${line}; skipped.`;
    });
    return this.#nextBracket(at);
  }

  #nextBracket(from: number): number {
    const at = this.#text.slice(from).search(valueStart);
    return at < 0 ? -1 : from + at;
  }

  #nextLineOfJson(from: number): number {
    lineOfJson.lastIndex = Math.max(0, from - 1);
    const match = lineOfJson.exec(this.#text);
    return match ? match.index + 1 : -1;
  }

  #noteTruncation(): void {
    const { line, column } = positionAt(this.#text, this.#text.length);
    const sentence = `The file breaks off at line ${line}, column ${column}.`;
    this.#warnings.add('truncated', () => `${sentence} Read up to the last whole span before it.`);
    this.#reasons.push(sentence);
  }

  #errorOf({ at, outcome, expected }: Failure): TraceFormatError {
    const position = positionAt(this.#text, at);
    const place = `line ${position.line}, column ${position.column}`;
    const beginning = this.#text.slice(0, 4000);
    const other = /^\s*[[{]/.test(beginning) ? otherObject(beginning) : otherText(beginning);
    if (other) {
      return new TraceFormatError(
        'invalid-json',
        `This is no JSON; it looks like ${other}.`,
        positionAt(this.#text, 0),
      );
    }
    return new TraceFormatError(
      'invalid-json',
      outcome === 'truncated'
        ? `The JSON breaks off at ${place}, before its first whole span. Was the export finished? Save or download it again.`
        : `This is not JSON: at ${place} stands ${excerpt(this.#text, at)}, where ${expected} was expected. Export the trace as JSON, or repair that place.`,
      position,
    );
  }
}

const recordSeparator = '\u001e';
/** What may stand between values: also the record separator of RFC 7464. */
const separators = ` \t\r\n,\ufeff${recordSeparator}`;
const valueStart = /[[{]/;
const lineOfJson = /\n[[{]/g;

function isBlank(line: string): boolean {
  const content = line.trim();
  return content === '' || content === recordSeparator;
}

function excerpt(text: string, at: number): string {
  const found = text.slice(at, at + 24).split(/[\r\n]/, 1)[0]!;
  return found === '' ? 'the end of a line' : `“${found}”`;
}

/**
 * Whether most lines that begin with a bracket are values of their own. Pretty-printed JSON has lines that are nothing but a
 * bracket, and arrays with an element a line have commas at their ends.
 */
function looksLikeJsonLines(text: string): boolean {
  let candidates = 0;
  let whole = 0;
  for (let from = 0; from < text.length && candidates < 20; ) {
    const lineEnd = text.indexOf('\n', from);
    const to = lineEnd < 0 ? text.length : lineEnd;
    const first = text[from];
    if (first === '{' || first === '[') {
      const line = text.slice(from, to).trimEnd();
      if (candidates === 0 && line.length === 1) return false;
      candidates++;
      if (tryParse(line) !== undefined) whole++;
      if (whole === 2) return true;
    }
    from = to + 1;
  }
  return whole > 0 && whole * 2 >= candidates;
}

function unsupported(message: string): TraceFormatError {
  return new TraceFormatError('unsupported', message);
}

/**
 * Says what a text is that is no JSON at first sight; its beginning is enough.
 *
 * @throws TraceFormatError
 */
export function refuseOtherText(text: string): void {
  const start = text.search(/\S/);
  if (start < 0) {
    throw new TraceFormatError(
      'empty',
      'There is nothing in it but white space; a trace in JSON was expected. Was the export finished?',
    );
  }
  const beginning = text.slice(start, start + 300).trimEnd();
  if (/^<[!?a-zA-Z]/.test(beginning)) refuseMarkup(text, start);
  if (beginning[0] === '\u001f' && /^[\u008b\ufffd]/.test(beginning[1] ?? '')) {
    throw unsupported(
      `This text was read from a file compressed with gzip; plain JSON was expected. Give its bytes to readTraces, which unpacks them, or unpack it first (gunzip).`,
    );
  }
  if (beginning.split('\0').length - 1 > beginning.length / 4) {
    throw unsupported(
      'This text was read from UTF-16 or from binary data as if it were UTF-8. Pass the bytes themselves, or save the file as UTF-8.',
    );
  }
  const isOneWord = beginning.length < 300 && !/[\s{}[\]"]/.test(beginning);
  if (isOneWord && /^(?:https?:|file:|\.{0,2}\/)|\.jsonl?$/.test(beginning)) {
    throw new TraceFormatError(
      'invalid-json',
      `“${beginning}” is the name of a file, not its content. Fetch or read it first, and pass its text or bytes.`,
      positionAt(text, start),
    );
  }
}

function refuseMarkup(text: string, start: number): void {
  const head = text.slice(start, start + 20_000);
  const title = /<(?:title|h1)[^>]{0,200}>([^<]{1,120})/i.exec(head)?.[1]?.trim();
  const what = /^<(?:!doctype html|html|head|body)/i.test(head) ? 'an HTML page' : 'markup (XML or HTML)';
  throw new TraceFormatError(
    'invalid-json',
    `This is ${what}${title ? ` titled “${title}”` : ''}, not a trace in JSON: servers answer so where an address is wrong or a login is missing. Open that address in a browser to see what it says.`,
    positionAt(text, start),
  );
}
