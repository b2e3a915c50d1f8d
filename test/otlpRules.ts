/** What a strict reader of OTLP's JSON would refuse, by the path of each: the proto's JSON mapping, written down. */
export function otlpProblems(value: unknown): string[] {
  const problems: string[] = [];
  checkMessage(value, 'TracesData', '$', problems);
  return problems;
}

type Rule = string | readonly [of: string];

// opentelemetry-proto 1.x, trace/v1, common/v1, resource/v1: each field with its kind, lists in brackets.
const messages: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  TracesData: { resourceSpans: ['ResourceSpans'] },
  ResourceSpans: { resource: 'Resource', scopeSpans: ['ScopeSpans'], schemaUrl: 'string' },
  Resource: { attributes: ['KeyValue'], droppedAttributesCount: 'uint32' },
  ScopeSpans: { scope: 'Scope', spans: ['Span'], schemaUrl: 'string' },
  Scope: { name: 'string', version: 'string', attributes: ['KeyValue'], droppedAttributesCount: 'uint32' },
  Span: {
    traceId: 'hex32',
    spanId: 'hex16',
    traceState: 'string',
    parentSpanId: 'hex16',
    flags: 'uint32',
    name: 'string',
    kind: 'kind',
    startTimeUnixNano: 'uint64',
    endTimeUnixNano: 'uint64',
    attributes: ['KeyValue'],
    droppedAttributesCount: 'uint32',
    events: ['Event'],
    droppedEventsCount: 'uint32',
    links: ['Link'],
    droppedLinksCount: 'uint32',
    status: 'Status',
  },
  Event: { timeUnixNano: 'uint64', name: 'string', attributes: ['KeyValue'], droppedAttributesCount: 'uint32' },
  Link: { traceId: 'hex32', spanId: 'hex16', traceState: 'string', attributes: ['KeyValue'], flags: 'uint32' },
  Status: { code: 'statusCode', message: 'string' },
  KeyValue: { key: 'string', value: 'AnyValue' },
  AnyValue: {
    stringValue: 'string',
    boolValue: 'boolean',
    intValue: 'int64',
    doubleValue: 'double',
    arrayValue: 'ArrayValue',
    kvlistValue: 'KvList',
    bytesValue: 'base64',
  },
  ArrayValue: { values: ['AnyValue'] },
  KvList: { values: ['KeyValue'] },
};

const isWhole = (value: unknown, least: number, most: number) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const isText = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value);
const isBetween = (value: unknown, least: bigint, most: bigint) =>
  isText(value, /^-?\d{1,20}$/) && BigInt(value as string) >= least && BigInt(value as string) <= most;

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  uint32: (value) => isWhole(value, 0, 2 ** 32 - 1),
  uint64: (value) => isBetween(value, 0n, 2n ** 64n - 1n),
  int64: (value) => isBetween(value, -(2n ** 63n), 2n ** 63n - 1n) || Number.isSafeInteger(value),
  double: (value) => typeof value === 'number' || ['NaN', 'Infinity', '-Infinity', '-0'].includes(value as string),
  base64: (value) => isText(value, /^(?:[\w+/-]{4})*(?:[\w+/-]{2}==|[\w+/-]{3}=)?$/),
  hex32: (value) => isText(value, /^[\da-f]{32}$/i),
  hex16: (value) => isText(value, /^[\da-f]{16}$/i),
  kind: (value) => isWhole(value, 0, 5),
  statusCode: (value) => isWhole(value, 0, 2),
};

function checkMessage(value: unknown, name: string, path: string, problems: string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${path} is no ${name}`);
    return;
  }
  const rules = messages[name]!;
  if (name === 'AnyValue' && Object.keys(value).length > 1) problems.push(`${path} holds several values`);
  for (const [key, part] of Object.entries(value)) {
    const rule = Object.hasOwn(rules, key) ? rules[key]! : undefined;
    if (rule === undefined) problems.push(`${path}.${key} is no field of ${name}`);
    else if (typeof rule === 'string') checkField(part, rule, `${path}.${key}`, problems);
    else if (!Array.isArray(part)) problems.push(`${path}.${key} is no list`);
    else for (const [at, item] of part.entries()) checkField(item, rule[0], `${path}.${key}[${at}]`, problems);
  }
}

function checkField(value: unknown, rule: string, path: string, problems: string[]): void {
  const scalar = scalars[rule];
  if (!scalar) checkMessage(value, rule, path, problems);
  else if (!scalar(value)) problems.push(`${path} is no ${rule}: ${JSON.stringify(value)}`);
}
