import type { ByteSource } from './byteSource.ts';
import type { ByteReading, FormatName, TraceFormat } from './format.ts';
import { formats } from './table.ts';

/** How many bytes of a file `beginByteReading` looks at; fewer suffice where there are no more. */
export const bytesToTellBy: number = 256 * 1024;

/** Keys at the beginning of a file that tell which reader to try. Whether it was the right one is known once a value is whole. */
const signs: ReadonlyMap<FormatName, RegExp> = new Map([
  ['otlp', /"(?:resource_?[sS]pans|batches|scope_?[sS]pans|instrumentation_?[lL]ibrary_?[sS]pans)"\s*:/],
  ['jaeger', /"(?:spanID|traceID)"\s*:/],
]);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Begins to read a file by its bytes, of which the first `bytesToTellBy` are there, or all. Undefined where no reader of
 * bytes knows such a file, or none of the format that is asked for: it is to be read as text then, as it is where the reading
 * turns out `refused`.
 */
export function beginByteReading(source: ByteSource, asked?: FormatName): ByteReading | undefined {
  const text = decoder.decode(source.bytes(0, Math.min(source.length, bytesToTellBy)));
  let format: TraceFormat | undefined;
  let first = Infinity;
  for (const [name, sign] of signs) {
    const at = asked === undefined || asked === name ? text.search(sign) : -1;
    if (at < 0 || at >= first) continue;
    first = at;
    format = formats.find((candidate) => candidate.name === name && candidate.readBytes);
  }
  const found = format;
  return found?.readBytes?.(source, (value) => (asked === undefined ? isOf(found, value) : true));
}

/** Undefined where no format knows the value. */
function isOf(format: TraceFormat, value: unknown): boolean | undefined {
  const found = formats.find((candidate) => candidate.detect(value));
  return found && found === format;
}
