import type { Trace } from '../model/trace.ts';
import { type ParseWarning, traceWarnings } from '../model/warnings.ts';
import { decodedText } from './inputBytes.ts';
import { type JsonText, readJsonText } from './jsonText.ts';
import { formats } from './table.ts';
import type { FormatName, ReadContext, TraceFormat } from './traceFormat.ts';
import { TraceFormatError, type TextPosition } from './traceFormatError.ts';

export type { FormatName } from './traceFormat.ts';

/** Text, bytes (UTF-8 or, with a byte order mark, UTF-16), or JSON that is parsed already. An object is never changed. */
export type TraceInput = string | Uint8Array | ArrayBuffer | object;

export interface ParseOptions {
  /** The input's format, where it is known. @default found by the shape of its spans */
  format?: FormatName;
}

export interface ParseResult {
  format: FormatName;
  /** In the order in which the input has them. */
  traces: Trace[];
  /** One for each kind of problem, over all traces. */
  warnings: ParseWarning[];
  /** How many records could not be read; `warnings` has each kind. */
  skipped: number;
}

/**
 * The traces of one input: one or several JSON values, JSON lines, or an object.
 *
 * Dirty data is kept, marked and reported in `warnings`, and of a text that breaks off everything whole is read.
 *
 * @throws {TraceFormatError} where no trace can be found
 */
export function parseTraces(input: TraceInput, options: ParseOptions = {}): ParseResult {
  const source = readSource(input);
  const format = formatOf(source, options.format);
  if (!format) throw unknownShape(source);
  const { traces, warnings, skipped, reason } = format.read(source.value, source.context);
  if (traces.length === 0) {
    if (source.stop) throw notJson(source.stop);
    throw new TraceFormatError('empty', reason ?? `${format.title} was found, but no spans in it. Choose an export that has some.`);
  }
  return {
    format: format.name,
    traces,
    warnings: [...source.warnings, ...warnings, ...traceWarnings(traces)],
    skipped: skipped + source.skipped,
  };
}

/** The format of an input by the shape of its spans, undefined where it is none that is read here. */
export function detectFormat(input: TraceInput): FormatName | undefined {
  try {
    return formatOf(readSource(input))?.name;
  } catch (error) {
    if (error instanceof TraceFormatError) return undefined;
    throw error;
  }
}

/** An input as its values, with what was met on the way to them. */
interface Source {
  value: unknown;
  context: ReadContext;
  warnings: ParseWarning[];
  skipped: number;
  stop?: JsonText['stop'];
}

function formatOf(source: Source, name?: FormatName): TraceFormat | undefined {
  return formats.find((format) => (name === undefined ? format.detect(source.value) : format.name === name));
}

function readSource(input: TraceInput): Source {
  if (typeof input !== 'string' && !isBinary(input)) return { value: input, context: {}, warnings: [], skipped: 0 };
  const warnings: ParseWarning[] = [];
  const text = typeof input === 'string' ? input : decodedText(input, warnings);
  return sourceOfText(text, warnings);
}

/** By tag, not `instanceof`: buffers may come from another realm, as a frame or a test environment. */
function isBinary(input: object): input is ArrayBuffer | ArrayBufferView {
  if (ArrayBuffer.isView(input)) return true;
  const tag = Object.prototype.toString.call(input);
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}

function sourceOfText(text: string, warnings: ParseWarning[]): Source {
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  refuseForeignText(text);
  const json = readJsonText(text);
  if (json.values.length === 0) throw notJson(json.stop ?? { kind: 'invalid', position: { line: 1, column: 1 } });
  const source: Source = {
    value: unquoted(json.values.length === 1 ? json.values[0] : json.values),
    context: {},
    warnings: [...warnings, ...textWarnings(json)],
    skipped: json.skipped,
    stop: json.stop,
  };
  const lost = json.skipped === 1 ? '1 record is no JSON.' : `${json.skipped} records are no JSON.`;
  source.context = {
    ...(json.stop ? { cut: cutReason(json.stop) } : {}),
    ...(json.skipped > 0 ? { lost } : {}),
  };
  return source;
}

/** JSON that was put into a JSON string once more, as some stores do. */
function unquoted(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function cutReason({ kind, position }: NonNullable<JsonText['stop']>): string {
  return kind === 'truncated'
    ? `The file ends in the middle, at ${placeText(position)}.`
    : `The file is no JSON from ${placeText(position)} on.`;
}

function textWarnings({ stop, skipped, firstSkipped, bareNumbers }: JsonText): ParseWarning[] {
  const warnings: ParseWarning[] = [];
  if (stop) {
    const code = stop.kind === 'truncated' ? 'truncated' : 'invalid-json';
    warnings.push({ code, message: `${cutReason(stop)} What stands whole before is shown.`, count: 1 });
  }
  if (skipped > 0) {
    const records = skipped === 1 ? '1 record is no JSON' : `${skipped} records are no JSON`;
    const where = firstSkipped ? ` (first: ${placeText(firstSkipped)})` : '';
    warnings.push({ code: 'invalid-record', message: `${records}${where}; left out.`, count: skipped });
  }
  if (bareNumbers > 0) {
    const numbers = bareNumbers === 1 ? '1 number is NaN or infinite' : `${bareNumbers} numbers are NaN or infinite`;
    const message = `${numbers}, which JSON does not know; NaN is kept as text.`;
    warnings.push({ code: 'bare-number', message, count: bareNumbers });
  }
  return warnings;
}

function placeText({ line, column }: TextPosition): string {
  return `line ${line}, column ${column}`;
}

function expectation(): string {
  const outlines = formats.map(({ title, outline }) => `${title} ${outline}`);
  return `Expected ${outlines.slice(0, -1).join(', ')} or ${outlines.at(-1)}, as JSON or JSON lines.`;
}

const advice = 'Export the trace again as JSON, or choose another file.';

/** What can be told from the first characters, before anyone tries to read it as JSON. */
function refuseForeignText(text: string): void {
  const start = text.slice(0, 4096).trimStart();
  if (start === '' && text.trim() === '') {
    throw new TraceFormatError('empty', `There is nothing to read: the text is empty. ${expectation()}`);
  }
  if (!start.startsWith('<')) return;
  const title = /<title[^>]*>([^<]{1,200})/i.exec(start)?.[1]?.trim();
  const kind = /^<(?:!doctype html|html|head|body)/i.test(start) ? 'a web page (HTML)' : 'XML or HTML';
  throw new TraceFormatError(
    'unsupported',
    `This is ${kind}${title ? `, “${title}”` : ''}, not a trace: a server may have answered with an error or a login page. ${expectation()} Open the address in a browser to see what it says, then export the trace again.`,
    { line: 1, column: 1 },
  );
}

function notJson({ kind, position }: NonNullable<JsonText['stop']>): TraceFormatError {
  const what =
    kind === 'truncated'
      ? `The text ends in the middle, at ${placeText(position)}, before a whole span.`
      : `The text is not JSON: reading stopped at ${placeText(position)}.`;
  return new TraceFormatError('invalid-json', `${what} ${expectation()} ${advice}`, position);
}

function unknownShape({ value, stop }: Source): TraceFormatError {
  if (stop) return notJson(stop);
  if (Array.isArray(value) && value.length === 0) {
    return new TraceFormatError('empty', `The JSON is an empty list: there are no spans in it. ${expectation()}`);
  }
  if (typeof value !== 'object' || value === null) {
    const kind = value === null ? 'null' : `a ${typeof value}`;
    return new TraceFormatError('unknown-format', `The input is ${kind}, not a trace. ${expectation()} ${advice}`);
  }
  const keys = Object.keys(Array.isArray(value) ? Object(value[0]) : value);
  if (keys.length === 0 && !Array.isArray(value)) {
    return new TraceFormatError('empty', `The JSON is an empty object: there are no spans in it. ${expectation()}`);
  }
  const found = Array.isArray(value) ? 'a list of records' : 'an object';
  const shown = keys.slice(0, 6).map((key) => (key.length > 40 ? `${key.slice(0, 40)}…` : key));
  const withKeys = shown.length > 0 ? ` with the keys ${shown.join(', ')}${keys.length > 6 ? ', …' : ''}` : '';
  return new TraceFormatError(
    'unknown-format',
    `The JSON is ${found}${withKeys}, and holds no spans in a shape that is known here. ${expectation()} ${advice}`,
  );
}
