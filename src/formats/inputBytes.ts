import type { ParseWarning } from '../model/warnings.ts';
import { TraceFormatError } from './traceFormatError.ts';

/**
 * The UTF-8 of an input, where its bytes say the same as the text. They do not where a text has halves of surrogate pairs
 * alone, which UTF-8 has no bytes for.
 */
export function bytesOfInput(input: string | object): Uint8Array | undefined {
  if (typeof input === 'string') return /\p{Surrogate}/u.test(input) ? undefined : new TextEncoder().encode(input);
  if (!isBinary(input)) return undefined;
  return ArrayBuffer.isView(input)
    ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
    : new Uint8Array(input);
}

/** By tag, not `instanceof`: buffers may come from another realm, as a frame or a test environment. */
export function isBinary(input: object): input is ArrayBuffer | ArrayBufferView {
  if (ArrayBuffer.isView(input)) return true;
  const tag = Object.prototype.toString.call(input);
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}

/** V8's longest string. Chromium's TextDecoder answers more bytes with an empty string, and no error. */
export const longestText = 536_870_888;

const magicNumbers: readonly { bytes: readonly number[]; name: string; advice: string }[] = [
  {
    bytes: [0x1f, 0x8b],
    name: 'gzip data',
    advice: 'Give it to readTraces, which unpacks it, or unpack it first (gunzip), and open the JSON in it.',
  },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    name: 'zstd data',
    advice: 'Decompress it first (unzstd), then open the JSON in it.',
  },
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: 'a ZIP archive', advice: 'Unpack it first, then open the JSON in it.' },
  { bytes: [0x42, 0x5a, 0x68], name: 'bzip2 data', advice: 'Decompress it first (bunzip2), then open the JSON in it.' },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    name: 'xz data',
    advice: 'Decompress it first (unxz), then open the JSON in it.',
  },
  { bytes: [0x50, 0x41, 0x52, 0x31], name: 'a Parquet file', advice: 'Export the trace as JSON.' },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: 'a PDF', advice: 'Export the trace as JSON.' },
  {
    bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65],
    name: 'a SQLite database',
    advice: 'Export the trace as JSON from the tool that wrote it.',
  },
];

/**
 * The text of bytes: UTF-8, or UTF-16 with a byte order mark (what PowerShell's `>` writes).
 *
 * @throws {TraceFormatError} `unsupported` for compressed and binary data, and for more than one string can hold
 */
export function decodedText(input: ArrayBuffer | ArrayBufferView, warnings: ParseWarning[]): string {
  const bytes = ArrayBuffer.isView(input)
    ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
    : new Uint8Array(input);
  refuseBinary(bytes);
  const encoding = encodingOf(bytes);
  const length = encoding === 'utf-8' ? bytes.length : bytes.length / 2;
  if (length > longestText) {
    throw new TraceFormatError(
      'unsupported',
      `These are ${Math.round(bytes.length / 1e6)} MB, and one text holds at most ${Math.round(longestText / 1e6)} MB. Split the file into several, one for each trace.`,
    );
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    warnings.push(invalidEncoding(encoding));
    return new TextDecoder(encoding).decode(bytes);
  }
}

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be';

/** UTF-16 only by its byte order mark. */
export function encodingOf(bytes: Uint8Array): TextEncodingName {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

export function invalidEncoding(encoding: TextEncodingName): ParseWarning {
  const message = `The bytes are not valid ${encoding.toUpperCase()} everywhere; what is not is shown as \ufffd.`;
  return { code: 'invalid-encoding', message, count: 1 };
}

/**
 * @param bytes the first 256 or more
 * @throws {TraceFormatError} `unsupported` for compressed and binary data, which it names
 */
export function refuseBinary(bytes: Uint8Array): void {
  const known = magicNumbers.find((magic) => magic.bytes.every((byte, at) => bytes[at] === byte));
  if (known) throw new TraceFormatError('unsupported', `This is ${known.name}, not JSON. ${known.advice}`);
  if (encodingOf(bytes) !== 'utf-8' || !hasControlBytes(bytes)) return;
  // 0x0a opens the first field of every OTLP export request and of Tempo's traces; as text it would be a line break.
  const name = bytes[0] === 0x0a ? 'protobuf (OTLP binary)' : 'binary data';
  throw new TraceFormatError(
    'unsupported',
    `This is ${name}, not JSON. Export the trace as JSON: for OTLP, the exporter "otlp/json" or the collector's file exporter with "format: json".`,
  );
}

/** Whether bytes are there that no JSON text has: below 32 and not white space. */
function hasControlBytes(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, 256);
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 0x1e) return true;
  }
  return false;
}
