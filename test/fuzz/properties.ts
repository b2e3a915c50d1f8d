import {
  criticalPath,
  detectFormat,
  type FormatName,
  layoutFlameGraph,
  layoutWaterfall,
  type ParseResult,
  parseTraces,
  selfTimes,
  spanTree,
  type Trace,
  TraceFormatError,
  toJaeger,
  toJson,
  toOtlp,
  toTimeline,
} from '../../src/core.ts';
import { contentOf, deepFrozen } from '../traceContent.ts';
import { type WholeSpan, wholeSpans, wholeSpansOfValue } from './wholeSpans.ts';

/** What no file may do. Milliseconds; a machine that others share is slow at times, so that a case is tried again. */
const longest = 1000;

/** What is wrong with how a file was read; undefined for nothing. `format` is that of the file before it was damaged. */
export function faultOf(input: string | object, format: FormatName): string | undefined {
  return timed(() => faultOfReading(input, format));
}

function timed(check: () => string | undefined): string | undefined {
  for (let attempt = 1; ; attempt++) {
    const start = performance.now();
    const fault = check();
    const took = performance.now() - start;
    if (fault !== undefined || took < longest) return fault;
    if (attempt === 3) return `It took ${Math.round(took)} ms.`;
  }
}

function faultOfReading(input: string | object, format: FormatName): string | undefined {
  const prototypes = fingerprint();
  const value = typeof input === 'string' ? input : deepFrozen(input);
  let result: ParseResult | undefined;
  try {
    result = parseTraces(value);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) return `It threw ${described(error)}`;
    if (error.message.length < 20) return `It was refused with the message “${error.message}”.`;
  }
  if (result && detectFormat(value) === undefined) return 'detectFormat knows no format of what was read.';
  if (fingerprint() !== prototypes) return 'A prototype was changed.';
  const expected =
    typeof value === 'string'
      ? wholeSpans(value, result?.format ?? format)
      : wholeSpansOfValue(value, result?.format ?? format);
  const lost = missing(expected, result);
  if (lost.length > 0) {
    const what = lost.slice(0, 3).map(({ id, name }) => `${id ?? ''} ${name}`);
    return `${lost.length} of ${expected.length} whole spans were lost: ${what.join(', ')}${result ? '' : ' (refused)'}`;
  }
  for (const warning of result?.warnings ?? []) {
    if (!/^\S.{15,}\.$/s.test(warning.message) || !(warning.count > 0))
      return `A warning says nothing: ${warning.message}`;
  }
  const codes = new Set(result?.warnings.map(({ code }) => code));
  if (result && codes.size !== result.warnings.length) return 'A kind of warning is there twice.';
  return result && faultOfUse(result);
}

/** What is read is to be usable in every way that there is. */
function faultOfUse({ traces }: ParseResult): string | undefined {
  try {
    for (const trace of traces) use(trace);
    return undefined;
  } catch (error) {
    return `What was read could not be used: ${described(error)}`;
  }
}

function use(trace: Trace): void {
  contentOf(trace);
  for (const span of trace) {
    if (span.parent && span.depth !== span.parent.depth + 1) throw new Error('depth is wrong');
    for (const child of span.children)
      if (child.parent?.key !== span.key) throw new Error('a child has another parent');
    if (trace.span(span.key)?.index !== span.index) throw new Error(`the key ${span.key} leads elsewhere`);
    void [span.startTimeUnixNano, span.endTimeUnixNano, span.durationMs, span.scope, span.descendantCount];
  }
  toTimeline(trace);
  toTimeline(trace, { roots: 'all' });
  const again = parseTraces(JSON.stringify(toJson(trace)), { format: 'json' }).traces[0]!;
  if (again.spanCount !== trace.spanCount) throw new Error('toJson lost spans');
  if (trace.spanCount > 0) {
    const count = (written: object) =>
      parseTraces(JSON.stringify(written)).traces.reduce((sum, each) => sum + each.spanCount, 0);
    if (count(toJaeger(trace)) !== trace.spanCount) throw new Error('toJaeger lost spans');
    if (count(toOtlp(trace)) !== trace.spanCount) throw new Error('toOtlp lost spans');
  }
  layoutWaterfall(trace);
  layoutFlameGraph(trace);
  selfTimes(trace);
  criticalPath(trace);
  spanTree(trace);
}

function missing(expected: readonly WholeSpan[], result: ParseResult | undefined): WholeSpan[] {
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const trace of result?.traces ?? []) {
    for (const span of trace) {
      ids.add(plainId(span.spanId));
      names.add(span.name);
    }
  }
  return expected.filter(
    ({ id, name }) => !(id === undefined ? names.has(name) : ids.has(plainId(id)) || names.has(name)),
  );
}

/** Readers write ids in one case, without `0x`, and as hex where they are base64. */
function plainId(id: string): string {
  if (id.length >= 8 && id.endsWith('=')) return Buffer.from(id, 'base64').toString('hex');
  return id.toLowerCase().replace(/^0x/, '');
}

function fingerprint(): string {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).map(String).join())
    .join('|');
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error);
}
