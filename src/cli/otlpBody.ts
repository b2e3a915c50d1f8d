import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import type { Refusal } from './requestGuard.ts';

const contentTypes = 'application/json';

/** The body of an OTLP/HTTP request as JSON, or why it is refused: its kind, its coding, its length, its content. */
export async function readOtlpBody(request: IncomingMessage, maxBytes: number): Promise<object | Refusal> {
  const { headers } = request;
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== contentTypes) {
    const message = `The content type “${type.slice(0, 60)}” is not taken: send OTLP in JSON (application/json; for most SDKs OTEL_EXPORTER_OTLP_PROTOCOL=http/json).`;
    return { status: 415, message };
  }
  const coding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding !== 'identity' && coding !== 'gzip') {
    return { status: 415, message: `The content encoding “${coding.slice(0, 60)}” is not taken: send gzip, or none.` };
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) return tooLarge(maxBytes);
  const bytes = await bytesOf(request, coding === 'gzip', maxBytes);
  if (!(bytes instanceof Uint8Array)) return bytes;
  return parsedBody(bytes);
}

export function isRefusal(answer: object): answer is Refusal {
  return 'status' in answer && 'message' in answer;
}

/** Counted as unpacked: a few bytes may unpack to gigabytes. */
async function bytesOf(request: IncomingMessage, isGzip: boolean, maxBytes: number): Promise<Uint8Array | Refusal> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Who leaves the loop early still has to answer: the request stays.
  const stream: AsyncIterable<Uint8Array> = isGzip
    ? request.pipe(createGunzip())
    : request.iterator({ destroyOnReturn: false });
  try {
    for await (const part of stream) {
      length += part.length;
      if (length > maxBytes) return tooLarge(maxBytes);
      parts.push(part);
    }
  } catch {
    return { status: 400, message: 'The body cannot be read: it broke off, or is not what its content encoding says.' };
  }
  return Buffer.concat(parts);
}

function tooLarge(maxBytes: number): Refusal {
  const message = `The body is larger than ${maxBytes / 1024 / 1024} MiB. Send fewer spans at once, or start with a larger --max-body.`;
  return { status: 413, message };
}

function parsedBody(bytes: Uint8Array): object | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { status: 400, message: 'The body is no JSON.' };
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as { resourceSpans?: unknown }).resourceSpans)
  ) {
    return { resourceSpans: (value as { resourceSpans: unknown[] }).resourceSpans };
  }
  return { status: 400, message: 'The body is no ExportTraceServiceRequest: it has no list resourceSpans.' };
}
