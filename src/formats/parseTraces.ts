import { isTrace, type Trace } from '../model/trace.ts';
import { type ParseWarning, traceWarnings } from '../model/warnings.ts';
import { beginByteReading } from './byteReading.ts';
import { ByteSource } from './byteSource.ts';
import type { FormatName, FormatRead, TraceFormat } from './format.ts';
import { bytesOfInput, isBinary } from './inputBytes.ts';
import { type InputValues, readInputText } from './inputValues.ts';
import { hasPassedOver, lostSpans, partsOfKnownFormat } from './misplaced.ts';
import { otherJson } from './otherFiles.ts';
import { holdsSpansAside } from './spanShape.ts';
import { formats } from './table.ts';
import { TraceFormatError } from './traceFormatError.ts';

export type { FormatName } from './format.ts';

/** Text, bytes, or JSON that is parsed already. Never changed, so it may be frozen. */
export type TraceInput = string | Uint8Array | ArrayBuffer | object;

export interface ParseOptions {
  /** Reads as this format instead of finding out which it is. */
  format?: FormatName;
}

export interface ParseResult {
  format: FormatName;
  /** In the order in which the file first names them; one at the least. */
  traces: Trace[];
  /** One for each kind of thing that was met, with its count and first place. */
  warnings: ParseWarning[];
  /** How many records could not be read, each kind of them in `warnings`. */
  skipped: number;
}

/**
 * Reads all traces of a file: text, bytes or parsed JSON, of any format that is known. Details of spans are read later
 * from the object, or from what was parsed, when somebody looks at them.
 *
 * Dirty data never throws: it is kept, marked on the spans, and told in `warnings`.
 *
 * @throws TraceFormatError where no trace can be found.
 */
export function parseTraces(input: TraceInput, options: ParseOptions = {}): ParseResult {
  return readByBytes(input, options.format) ?? readInputValues(valuesOf(input), options);
}

/**
 * The traces in the values of a text.
 *
 * @throws TraceFormatError where no trace can be found.
 */
export function readInputValues(text: InputValues, options: ParseOptions = {}): ParseResult {
  const { format, ...read } = readValues(text, options.format);
  return resultOf(format, read, text);
}

/**
 * As the format asked for; else as the first that a value looks like, and where that finds no trace, as the next. Where no
 * value looks like any, whatever stands within them.
 */
function readValues(text: InputValues, asked: FormatName | undefined): FormatRead & { format: FormatName } {
  const { values, failure } = text;
  const first = asked === undefined ? formatOf(values) : formatNamed(asked);
  const read = first && readWithLost(first, text);
  if (first && read && read.traces.length > 0) return { ...read, format: first.name };
  for (const format of first && asked === undefined ? otherFormatsOf(values, first) : []) {
    const other = readWithLost(format, text);
    if (other.traces.length > 0) return { ...other, format: format.name };
  }
  const within = asked === undefined ? partsOfKnownFormat(values, formats) : undefined;
  const readWithin = within && readWithLost(within.format, { ...text, values: within.parts });
  if (within && readWithin && readWithin.traces.length > 0) return { ...readWithin, format: within.format.name };
  const format = first ?? within?.format;
  if (failure || !format) throw failure ?? unknownFormat(values);
  const message = `This looks like the format “${format.name}”, but there is no trace in it. Was the search that was exported empty?`;
  throw new TraceFormatError('empty', message);
}

/** What the format reads, and the spans that it would have missed. */
function readWithLost(format: TraceFormat, { values, reasons, failure }: InputValues): FormatRead {
  const read = format.read(values, reasons);
  const lost = lostSpans(values, failure !== undefined || mayMissSpans(values, format), format, read);
  if (lost.length === 0) return read;
  const { traces, warnings, skipped } = format.read([...values, lost], reasons);
  const many = lost.length === 1 ? '1 span stands' : `${lost.length} spans stand`;
  const warning: ParseWarning = {
    code: 'misplaced-span',
    message: `${many} where the format “${format.name}” has none, below a key or in a list that is not known; shown nevertheless.`,
    count: lost.length,
  };
  return { traces, warnings: [...warnings, warning], skipped };
}

/**
 * Only where what lies around the spans is the format's own, or is told from what a run was given: others have texts of a run
 * there, of traces perhaps.
 */
function mayMissSpans(values: readonly unknown[], { name, readBytes }: TraceFormat): boolean {
  return name === 'langsmith' || (readBytes !== undefined && values.some(holdsSpansAside));
}

/**
 * What reading a format gave, with what was wrong with the text that it stood in.
 *
 * @throws TraceFormatError where it gave no trace.
 */
export function resultOf(
  format: FormatName,
  { traces, warnings, skipped }: FormatRead,
  text: Pick<InputValues, 'warnings' | 'skipped' | 'failure'>,
): ParseResult {
  if (traces.length === 0) {
    const message = `This looks like the format “${format}”, but there is no trace in it. Was the search that was exported empty?`;
    throw text.failure ?? new TraceFormatError('empty', message);
  }
  return {
    format,
    traces,
    warnings: [...text.warnings, ...warnings, ...traceWarnings(traces)],
    skipped: text.skipped + skipped,
  };
}

/** Undefined where it has to be read as a text: the format is another, or something is odd about it. */
function readByBytes(input: TraceInput, asked: FormatName | undefined): ParseResult | undefined {
  const bytes = bytesOfInput(input);
  const source = bytes && ByteSource.of(bytes);
  const reading = source && beginByteReading(source, asked);
  const read = reading && reading.advance() === 'reading' ? reading.finish() : undefined;
  // What was passed over may be spans in places that only a walk over objects finds.
  if (!reading || !read || hasPassedOver(read)) return undefined;
  return resultOf(reading.format, read, { warnings: [], skipped: 0 });
}

/** What format a file looks like; undefined for anything that `parseTraces` would not read. Never throws. */
export function detectFormat(input: TraceInput): FormatName | undefined {
  try {
    const { values } = valuesOf(input);
    return (formatOf(values) ?? partsOfKnownFormat(values, formats)?.format)?.name;
  } catch (error) {
    if (error instanceof TraceFormatError) return undefined;
    throw error;
  }
}

function valuesOf(input: TraceInput): InputValues {
  if (typeof input === 'string' || isBinary(input)) return readInputText(input);
  refuseWhatIsNoData(input);
  return { values: [input], warnings: [], reasons: [], skipped: 0 };
}

function otherFormatsOf(values: readonly unknown[], first: TraceFormat): TraceFormat[] {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  return formats.filter(
    (format) => format !== first && values.some((value) => isObject(value) && format.detect(value)),
  );
}

/** By the first value that a format knows: a file may begin with a line of another kind. */
export function formatOf(values: readonly unknown[]): TraceFormat | undefined {
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    const format = formats.find((candidate) => candidate.detect(value));
    if (format) return format;
  }
  return undefined;
}

export function formatNamed(name: FormatName): TraceFormat {
  const format = formats.find((candidate) => candidate.name === name);
  if (format) return format;
  throw new TraceFormatError(
    'unsupported',
    `There is no format “${name}”; known are ${formats.map((known) => known.name).join(', ')}.`,
  );
}

/** What callers pass in the place of its content. */
function refuseWhatIsNoData(input: object): void {
  if (isTrace(input)) {
    throw new TraceFormatError(
      'unsupported',
      'This is a Trace already, not a file: use it as it is, or write it with toJson first.',
    );
  }
  const kind = Object.prototype.toString.call(input).slice(8, -1);
  if (['Promise', 'Response', 'Blob', 'File', 'ReadableStream', 'Request'].includes(kind)) {
    throw new TraceFormatError(
      'unsupported',
      `This is a ${kind}, not its content: await its text or bytes, and pass those.`,
    );
  }
}

const expectation =
  'Expected was the plain format (an object with trace_id and spans), Jaeger (traceID, spans with spanID and operationName), Langfuse (observations), LangSmith (runs with run_type), Zipkin (traceId, id and timestamp), Phoenix (context, span_kind and status_code), OpenAI Agents (object: trace.span), spans of an OpenTelemetry console (context with trace_id and span_id), MLflow (info and data with spans), Chrome trace events (traceEvents, or ph and ts), Opik (trace and spans) or OTLP (resourceSpans).';

function unknownFormat(values: readonly unknown[]): TraceFormatError {
  const value = values.find((candidate) => typeof candidate === 'object' && candidate !== null) ?? values[0];
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return new TraceFormatError(
    isEmpty ? 'empty' : 'unknown-format',
    `This is JSON, but no trace that is known here: ${described(value)}. ${otherJson(value) ?? expectation}`,
  );
}

function described(value: unknown): string {
  if (value === null || value === undefined) return `it is ${value}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return 'it is an empty array';
    const first = value.find((item) => typeof item === 'object' && item !== null);
    return `it is an array whose first element ${first === undefined ? 'is no object' : keysOf(first)}`;
  }
  if (typeof value === 'object') return `it ${keysOf(value)}`;
  return `it is ${typeof value === 'string' ? 'a string' : `a ${typeof value}`}`;
}

function keysOf(value: object): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return 'is an empty object';
  const shown = keys.slice(0, 6).map((key) => key.slice(0, 30));
  return `has the keys ${shown.join(', ')}${keys.length > shown.length ? ', …' : ''}`;
}
