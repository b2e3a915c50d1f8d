import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseTraces, type Trace, toOtlp } from '../../../src/core.ts';
import {
  corpusNote,
  corpusTraceFiles,
  corpusTraces,
  hasCorpus,
  hasSeed,
  seedNames,
  seedNote,
  seedText,
} from '../../corpus.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';

/** As protobufjs makes them of OpenTelemetry's `trace_service.proto`. */
interface ProtoMessage {
  fromObject(value: object): object;
  verify(value: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): object;
}

const require = createRequire(import.meta.url);
const { opentelemetry } = require('otlp-transformer-with-proto/build/src/generated/root.js') as {
  opentelemetry: { proto: { collector: { trace: { v1: { ExportTraceServiceRequest: ProtoMessage } } } } };
};
const Request = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const idKeys = new Set(['traceId', 'spanId', 'parentSpanId']);

/** With each text below a key passed through `change`. */
function withTexts(value: Json, change: (id: string, key: string) => string): Json {
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      typeof each === 'string' ? change(each, key) : withTexts(each, change),
    ]),
  );
}

/** Without fields that say what the proto's defaults say; the one field of an `AnyValue` says its type also then. */
function withoutDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const isDefault = (key: string, each: Json) =>
    !/Value$/.test(key) &&
    (each === 0 || each === '0' || each === '' || each === false || (Array.isArray(each) && each.length === 0));
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, withoutDefaults(each)] as const)
      .filter(([key, each]) => !isDefault(key, each)),
  );
}

/** OTLP writes ids in hexadecimal where the proto's own JSON has base64. */
const idsAs = (from: 'hex' | 'base64', to: 'hex' | 'base64') => (text: string, key: string) =>
  idKeys.has(key) ? Buffer.from(text, from).toString(to) : text;

/** What OpenTelemetry's own messages make of it: read, checked, written as bytes and read back from them. */
function throughProto(written: Json): Json {
  const base64 = withTexts(written, idsAs('hex', 'base64'));
  const message = Request.fromObject(base64 as object);
  expect(Request.verify(message)).toBeNull();
  const back = Request.decode(Request.encode(message).finish());
  const json = JSON.parse(JSON.stringify(Request.toObject(back, { longs: String, bytes: String, json: true })));
  return withTexts(json, idsAs('base64', 'hex'));
}

const wrapped: Readonly<Record<string, (value: bigint) => bigint>> = {
  intValue: (value) => BigInt.asIntN(64, value),
  timeUnixNano: (value) => BigInt.asUintN(64, value),
  startTimeUnixNano: (value) => BigInt.asUintN(64, value),
  endTimeUnixNano: (value) => BigInt.asUintN(64, value),
};

/**
 * Ids that are none and integers of more than 64 bits (an export keeps them, with a warning) stand for such as are; so does
 * half a surrogate pair, which UTF-8 has no bytes for.
 */
function asValid(text: string, key: string): string {
  if (Object.hasOwn(wrapped, key)) return String(wrapped[key]!(BigInt(text)));
  if (!idKeys.has(key)) return Buffer.from(text).toString();
  const length = key === 'traceId' ? 32 : 16;
  const isValid = text.length === length && /^[0-9a-f]+$/i.test(text);
  return isValid ? text.toLowerCase() : createHash('sha256').update(text).digest('hex').slice(0, length);
}

const asJson = (trace: Trace): Json => withTexts(JSON.parse(JSON.stringify(toOtlp(trace))), asValid);

function expectSameThroughProto(trace: Trace, of: string) {
  const written = asJson(trace);
  expect(withoutDefaults(throughProto(written)), of).toEqual(withoutDefaults(written));
}

describe("OTLP through OpenTelemetry's own protobuf messages", () => {
  it('loses no field of random traces with values of every kind', () => {
    for (let seed = 0; seed < 300; seed++) expectSameThroughProto(randomDetailedTrace(seed), `seed ${seed}`);
  });

  it.skipIf(!hasSeed)(`loses none of the seed traces${seedNote}`, () => {
    for (const name of seedNames())
      for (const trace of parseTraces(seedText(`${name}.json`)).traces) expectSameThroughProto(trace, name);
  });

  it.skipIf(!hasCorpus)(`loses none of the real files${corpusNote}`, () => {
    let checked = 0;
    for (const file of corpusTraceFiles())
      for (const trace of corpusTraces(file)) {
        checked++;
        expectSameThroughProto(trace, file);
      }
    expect(checked).toBeGreaterThan(20);
  });

  it('would find a field that the proto does not know, or one of another type', () => {
    const [trace] = parseTraces({
      trace_id: '0123456789abcdef0123456789abcdef',
      spans: [{ span_id: '0123456789abcdef', name: 'a', start_time: 1, end_time: 2 }],
    }).traces;
    type Written = { resourceSpans: { scopeSpans: { spans: Record<string, Json>[] }[] }[] };
    const spoiled = (change: Record<string, Json>) => {
      const written = asJson(trace!) as unknown as Written;
      Object.assign(written.resourceSpans[0]!.scopeSpans[0]!.spans[0]!, change);
      return written as unknown as Json;
    };
    const changes: Record<string, Json>[] = [
      { startTimeUnixNanos: '5' },
      { kind: 'SERVER' },
      { attributes: [{ k: 'a' }] },
    ];
    for (const change of changes) {
      const written = spoiled(change);
      expect(withoutDefaults(throughProto(written))).not.toEqual(withoutDefaults(written));
    }
  });
});
