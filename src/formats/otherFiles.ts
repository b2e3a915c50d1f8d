import { asArray, isObject, type JsonObject } from './traceCollector.ts';

// What people open by mistake: known by its looks, so that the message can say what it is and what to open instead.

/** What a JSON value seems to be and what to do, in a sentence each; undefined for what is not known. */
export function otherJson(value: unknown): string | undefined {
  const item = Array.isArray(value) ? value.find(isObject) : value;
  if (!isObject(item)) return undefined;
  return kinds.find(([isKind]) => isKind(item))?.[1];
}

const has = (value: JsonObject, ...keys: readonly string[]) => keys.every((key) => Object.hasOwn(value, key));

const kinds: readonly (readonly [isKind: (value: JsonObject) => boolean, sentence: string])[] = [
  [
    (v) => isObject(v.log) && Array.isArray(v.log.entries),
    'It is a HAR file, the requests that a browser recorded. Its times are no spans; open what a tracing backend exports.',
  ],
  [
    (v) => isObject(v.info) && Array.isArray(v.item) && String(v.info.schema ?? '').includes('getpostman'),
    'It is a Postman collection, requests to send. Send the one that fetches a trace, and open its answer.',
  ],
  [
    (v) => has(v, 'name', 'version') && (has(v, 'dependencies') || has(v, 'devDependencies') || has(v, 'scripts')),
    'It is a package.json, which describes a package. Open the file that the tracing backend exported.',
  ],
  [(v) => has(v, 'lockfileVersion'), 'It is a lock file of npm. Open the file that the tracing backend exported.'],
  [
    (v) => has(v, 'openapi') || has(v, 'swagger'),
    'It is an OpenAPI description, of what an API can do. Open what the API answers.',
  ],
  [
    (v) => has(v, 'panels', 'schemaVersion') || (isObject(v.dashboard) && has(v.dashboard, 'panels')),
    'It is a Grafana dashboard. Fetch a trace that it shows from Tempo: /api/traces/<trace id>.',
  ],
  [
    (v) => has(v, 'nodes', 'samples') || (has(v, 'shared', 'profiles') && has(v, '$schema')),
    'It is a CPU profile: samples of stacks, not spans. Open it in the browser’s developer tools or in speedscope.',
  ],
  [
    (v) => has(v, 'metric', 'values') || (v.status === 'success' && isObject(v.data) && has(v.data, 'resultType')),
    'It is an answer of Prometheus: metrics, not traces.',
  ],
  [
    (v) => asArray(v.messages).some((message) => isObject(message) && has(message, 'role', 'content')),
    'It is a conversation with a model: messages without times. Open the trace of the run that they come from.',
  ],
  [
    (v) =>
      has(v, 'traceID', 'rootServiceName') || asArray(v.traces).some((t) => isObject(t) && has(t, 'rootTraceName')),
    'It is a list of traces that a search of Tempo found, without their spans. Fetch one: /api/traces/<trace id>.',
  ],
  [
    (v) => isScore(v) || asArray(v.data).some(isScore),
    'It holds scores of Langfuse, which judge traces. Export the observations or traces that they belong to.',
  ],
  [
    (v) => isTraceOfLangfuse(v) || asArray(v.data).some(isTraceOfLangfuse),
    'It is a list of Langfuse’s traces without their observations. Fetch one with them: /api/public/traces/<trace id>, or download it from its page.',
  ],
  [
    (v) =>
      isDataFrame(v) ||
      asArray(v.frames).some(isDataFrame) ||
      (isObject(v.results) && Object.values(v.results).some((r) => isObject(r) && Array.isArray(r.frames))),
    'It is a data frame of Grafana, as a panel shows its data. Fetch the trace itself from Tempo: /api/traces/<trace id>.',
  ],
  [
    (v) =>
      has(v, 'OperationName', 'StartTimeUtc') ||
      has(v, 'ActivityTraceFlags', 'OperationName') ||
      ((has(v, 'TraceId', 'SpanId') || has(v, 'RootId')) && has(v, 'StartTimeUtc')),
    'It is a .NET Activity as a serializer wrote it (System.Diagnostics). That is not read; export with OpenTelemetry’s OTLP exporter, or from Aspire’s dashboard.',
  ],
  [
    (v) => (has(v, 'error') || has(v, 'errors') || has(v, 'message')) && Object.keys(v).length <= 6 && !isLog(v),
    'It seems to be the error that a server answered. See what it says, and export again.',
  ],
  [
    isLog,
    'It seems to be a log: records with a level and a message. Logs are not read; open the traces that belong to it.',
  ],
];

function isScore(value: unknown): boolean {
  return isObject(value) && has(value, 'dataType', 'value') && (has(value, 'traceId') || has(value, 'observationId'));
}

function isTraceOfLangfuse(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    has(value, 'htmlPath') ||
    (has(value, 'id', 'timestamp', 'sessionId') && (has(value, 'latency') || has(value, 'bookmarked')))
  );
}

/** `{ schema: { fields }, data: { values } }`, or `{ name, fields: [{ name, values }] }` */
function isDataFrame(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (isObject(value.schema) && Array.isArray(value.schema.fields) && isObject(value.data)) return true;
  return asArray(value.fields).some((field) => isObject(field) && has(field, 'name', 'values'));
}

function isLog(value: JsonObject): boolean {
  const hasLevel = ['level', 'severity', 'severityText', 'lvl', 'levelname'].some((key) => Object.hasOwn(value, key));
  return hasLevel && ['msg', 'message', 'body', 'event'].some((key) => Object.hasOwn(value, key));
}

/** The same for text that begins as JSON does and is none. */
export function otherObject(beginning: string): string | undefined {
  const isOfConsole = /^\s{0,9}\[?\s{0,9}\{\s{0,9}(?:resource|instrumentationScope|traceId|name): /.test(beginning);
  return isOfConsole
    ? 'what OpenTelemetry’s ConsoleSpanExporter for Node prints, an object as Node’s console shows it, with what lies deep left out. Export with OTLP, or write JSON.stringify of each span, and open that'
    : undefined;
}

/** The same for text that does not begin as JSON does. `beginning` are its first lines. */
export function otherText(beginning: string): string | undefined {
  const lines = beginning.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first = '', second = ''] = lines;
  if (/^%PDF/.test(first)) return 'a PDF. Export the trace as JSON';
  if (/^[+-]{3} |^diff --git/.test(first)) return 'a patch. Open the file that the tracing backend exported';
  if (/^curl\s/.test(first)) return 'a command for curl. Run it, and open what it answers';
  if (/^```/.test(first)) return 'Markdown. Save what stands between the fences in a file of its own, and open that';
  if (/^#\s/.test(first) && !/^#\s.*\n\S+:/.test(beginning)) return 'Markdown. Open the trace as JSON';
  if (isYaml(lines)) return 'YAML. Convert it to JSON (yq -o=json), and open that';
  const columns = separated(first);
  if (columns > 2 && separated(second) === columns) {
    return 'a table (CSV or TSV). Export the trace as JSON; tables leave out attributes and events';
  }
  if (/^(?:\[?\d{4}-\d{2}-\d{2}|\d{2}:\d{2}:\d{2}|(?:TRACE|DEBUG|INFO|WARN|ERROR)\b)/.test(first)) {
    return 'a log in plain text. Open the traces that belong to it, exported as JSON';
  }
  return undefined;
}

function isYaml(lines: readonly string[]): boolean {
  if (lines[0] === '---') return true;
  const keys = lines.slice(0, 12).filter((line) => /^\s*(?:- )?["']?[\w./-]+["']?:(?:\s|$)/.test(line));
  return lines.length > 1 && keys.length >= Math.min(lines.length, 12) * 0.6;
}

/** How many columns a line has, with the separator that it has most of. */
function separated(line: string): number {
  return Math.max(...[',', ';', '\t'].map((separator) => line.split(separator).length));
}
