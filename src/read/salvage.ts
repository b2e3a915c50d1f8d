import type { ByteSource } from '../formats/byteSource.ts';
import { type InputValues, readInputText } from '../formats/inputValues.ts';
import { type TextPosition, TraceFormatError } from '../formats/traceFormatError.ts';
import { WarningList } from '../formats/warningList.ts';
import { JsonDocument } from './jsonDocument.ts';
import { JsonLines } from './jsonLines.ts';

/** What is looked through for whole spans behind the place where a document is damaged. */
const longestSalvage = 64 * 1024 * 1024;

/**
 * The values of a damaged file that is too long for one text: of lines all but those that are broken, of a document all up to
 * the place where it breaks off, or some way beyond the one where it is damaged.
 *
 * @throws TraceFormatError where it is neither
 */
export function salvagedValues(source: ByteSource, areLines: boolean): InputValues {
  return areLines ? salvagedLines(source) : salvagedDocument(source);
}

function salvagedLines(source: ByteSource): InputValues {
  const warnings = new WarningList();
  const salvaged: unknown[] = [];
  let skipped = 0;
  const lines = new JsonLines(source, (line, number) => {
    skipped++;
    warnings.add('unreadable-line', (count) => {
      const what = count === 1 ? `Line ${number} is` : `${count} lines (first: line ${number}) are`;
      return `${what} not JSON; skipped but for the whole spans in ${count === 1 ? 'it' : 'them'}.`;
    });
    salvaged.push(...valuesOf(line));
  });
  lines.advance(source.length);
  lines.finish();
  const reasons = skipped > 0 ? [`${skipped} ${skipped === 1 ? 'part' : 'parts'} of the file could not be read.`] : [];
  return { values: [...lines.values, ...salvaged], warnings: warnings.toArray(), reasons, skipped };
}

function valuesOf(line: string): unknown[] {
  try {
    return readInputText(line).values;
  } catch {
    return [];
  }
}

function salvagedDocument(source: ByteSource): InputValues {
  const document = new JsonDocument(source);
  const isBrokenOff = document.advance(source.length) === 'reading';
  const megabytes = `${Math.round(source.length / 1e6)} MB`;
  if (typeof document.value !== 'object') {
    throw new TraceFormatError(
      'unsupported',
      `These are ${megabytes} that are no JSON object, array or lines of them, and too many to be looked through as text.`,
    );
  }
  document.salvage(longestSalvage);
  const { line, column } = positionIn(source, isBrokenOff ? source.length : document.takenTo);
  const sentence = isBrokenOff
    ? `The file breaks off at line ${line}, column ${column}.`
    : `The JSON is damaged behind line ${line}, column ${column}, and ${megabytes} are too many to go on beyond the fault.`;
  const message = `${sentence} Read up to the last whole span ${isBrokenOff ? 'before it' : 'in reach'}.`;
  const code = isBrokenOff ? 'truncated' : 'damaged-json';
  return {
    values: [document.value],
    warnings: [{ code, message, count: 1 }],
    reasons: [sentence],
    skipped: isBrokenOff ? 0 : 1,
  };
}

function positionIn(source: ByteSource, offset: number): TextPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = source.indexOf(10, 0, offset); at >= 0; at = source.indexOf(10, lineStart, offset)) {
    line++;
    lineStart = at + 1;
  }
  const decoder = new TextDecoder();
  let column = 1;
  for (let at = lineStart; at < offset; ) {
    const bytes = source.restOfChunk(at).subarray(0, offset - at);
    column += decoder.decode(bytes, { stream: true }).length;
    at += bytes.length;
  }
  return { line, column };
}
