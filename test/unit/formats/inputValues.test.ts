import { describe, expect, it } from 'vitest';
import { createRandom, large, largeText, truncatedJson } from '../../../samples/index.ts';
import { parseTraces, TraceFormatError } from '../../../src/core.ts';
import { formatTree } from '../../formatTree.ts';

const span = (id: string, more: object = {}) => ({
  span_id: id,
  parent_span_id: null,
  name: id,
  start_time: '2026-11-23T09:30:00',
  end_time: '2026-11-23T09:30:01',
  ...more,
});
const trace = (traceId: string, ...ids: string[]) => ({ trace_id: traceId, spans: ids.map((id) => span(id)) });

/** The ids of the spans that were read, trace by trace. */
function idsOf(input: string | Uint8Array | ArrayBuffer): string[] {
  return parseTraces(input).traces.map(
    (read) => `${read.traceId}: ${Array.from(read, ({ spanId }) => spanId).join(' ')}`,
  );
}

function warningsOf(input: string | Uint8Array): string[] {
  return parseTraces(input).warnings.map(({ code, count }) => `${code} ${count}`);
}

function failure(input: string | Uint8Array | ArrayBuffer | object): TraceFormatError {
  try {
    parseTraces(input);
  } catch (error) {
    if (error instanceof TraceFormatError) return error;
    throw error;
  }
  throw new Error('It was read.');
}

const utf16 = (text: string, littleEndian: boolean) => {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2));
  view.setUint16(0, 0xfeff, littleEndian);
  for (let at = 0; at < text.length; at++) view.setUint16(2 + at * 2, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
};

describe('text and bytes', () => {
  const text = JSON.stringify(trace('t', 'a', 'é✓'));

  it('are read alike: text, UTF-8, an ArrayBuffer, a part of a buffer, and UTF-16 with its mark', () => {
    const bytes = new TextEncoder().encode(text);
    const padded = new Uint8Array([0, 0, ...bytes, 0]);
    for (const input of [
      text,
      bytes,
      bytes.buffer,
      padded.subarray(2, padded.length - 1),
      utf16(text, true),
      utf16(text, false),
    ]) {
      expect(idsOf(input as Uint8Array)).toEqual(['t: a é✓']);
      expect(parseTraces(input).warnings).toEqual([]);
    }
  });

  it('may begin with a byte order mark', () => {
    expect(idsOf(`\ufeff${text}`)).toEqual(['t: a é✓']);
    expect(idsOf(new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)]))).toEqual(['t: a é✓']);
  });

  it('are read where bytes are not UTF-8 everywhere, with a warning', () => {
    const bytes = new TextEncoder().encode(text.replace('é✓', 'x?'));
    bytes[bytes.indexOf('?'.charCodeAt(0))] = 0xff;
    expect(idsOf(bytes)).toEqual(['t: a x\ufffd']);
    expect(warningsOf(bytes)).toEqual(['invalid-encoding 1']);
  });

  it('may hold JSON that was put into a JSON string', () => {
    expect(idsOf(JSON.stringify(text))).toEqual(['t: a é✓']);
  });
});

describe('several values in one text', () => {
  const a = trace('a', '1', '2');
  const b = trace('b', '3');

  it.each([
    ['a line each', `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`],
    [
      'a line each, with CRLF, blank lines and record separators',
      `\u001e${JSON.stringify(a)}\r\n\r\n\u001e${JSON.stringify(b)}\r\n`,
    ],
    ['one after another without anything between', JSON.stringify(a) + JSON.stringify(b)],
    ['pretty-printed one after another', `${JSON.stringify(a, null, 2)}\n${JSON.stringify(b, null, 2)}`],
    [
      'with commas between, as an array without brackets',
      `${JSON.stringify(a, null, 1)},\n${JSON.stringify(b, null, 1)},`,
    ],
    ['an array that is never closed', `[${JSON.stringify(a)},\n${JSON.stringify(b)},`],
    ['with commas before brackets', `[${JSON.stringify(a).replace(']}', ',],}')},${JSON.stringify(b)},]`],
  ])('are read: %s', (_shape, text) => {
    expect(idsOf(text)).toEqual(['a: 1 2', 'b: 3']);
  });

  it('leaves out lines that are no JSON, and says how many and where', () => {
    const text = ['starting up …', JSON.stringify(a), '{"trace_id": oops}', '', JSON.stringify(b), 'bye {'].join('\n');
    const result = parseTraces(text);
    expect(idsOf(text)).toEqual(['a: 1 2', 'b: 3']);
    expect(result.skipped).toBe(3);
    expect(result.warnings).toEqual([
      {
        code: 'unreadable-line',
        message: '3 lines (first: line 1) are not JSON; skipped but for the whole spans in them.',
        count: 3,
      },
    ]);
    expect(result.traces[0]!.completeness).toEqual({
      complete: false,
      reasons: ['3 parts of the file could not be read.'],
    });
  });

  it('reads on after a broken line, also where it is the first or leaves brackets open', () => {
    const broken = JSON.stringify(trace('x', '8', '9')).slice(0, -30);
    expect(idsOf([broken, JSON.stringify(a), JSON.stringify(b)].join('\n'))).toEqual(['x: 8', 'a: 1 2', 'b: 3']);
    expect(idsOf([JSON.stringify(a), broken, JSON.stringify(b)].join('\n'))).toEqual(['a: 1 2', 'x: 8', 'b: 3']);
    expect(idsOf(['{"trace_id":"x","spans":[{"a":1', JSON.stringify(b)].join('\n'))).toEqual(['x: ', 'b: 3']);
  });

  it('leaves out text between pretty-printed values', () => {
    const text = `INFO exporting\n${JSON.stringify(a, null, 2)}\nINFO done\n${JSON.stringify(b, null, 2)}`;
    expect(idsOf(text)).toEqual(['a: 1 2', 'b: 3']);
    expect(parseTraces(text).skipped).toBe(2);
  });
});

describe('a text that breaks off', () => {
  it('is read up to its last whole span, and says where it broke off', () => {
    const text = JSON.stringify(trace('t', 'a', 'b', 'c'), null, 2);
    const cut = text.slice(0, text.indexOf('"c"') + 20);
    const result = parseTraces(cut);
    expect(formatTree(result.traces[0]!)).toBe('a 0–1000 unset\nb 0–1000 unset');
    const lines = cut.split('\n');
    const place = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
    expect(result.warnings).toEqual([
      {
        code: 'truncated',
        message: `The file breaks off at ${place}. Read up to the last whole span before it.`,
        count: 1,
      },
    ]);
    expect(result.traces[0]!.completeness).toEqual({ complete: false, reasons: [`The file breaks off at ${place}.`] });
  });

  it('keeps the traces before the one that is cut, and the spans of that', () => {
    const jaeger = large({ spans: 30, format: 'jaeger' });
    const spans = jaeger.data[0]!.spans.map((span) => ({ ...span, traceID: 'second' }));
    const text = JSON.stringify({ data: [jaeger.data[0], { ...jaeger.data[0], traceID: 'second', spans }] });
    const cut = text.slice(0, Math.floor(text.length * 0.7));
    const [first, second] = parseTraces(cut).traces;
    expect(first!.spanCount).toBe(30);
    expect(second!.spanCount).toBeGreaterThan(5);
    expect(second!.spanCount).toBeLessThan(30);
  });

  it('reads all spans where what follows them is cut', () => {
    const jaeger = large({ spans: 20, format: 'jaeger' });
    const text = JSON.stringify(jaeger);
    const cut = text.slice(0, text.lastIndexOf('serviceName'));
    expect(parseTraces(cut).traces[0]!.spanCount).toBe(20);
  });

  it.each(['json', 'jaeger', 'otlp'] as const)(
    'holds at every cut of a %s file: no span that is not in the file, and none half',
    (format) => {
      const text = JSON.stringify(large({ spans: 12, format }));
      const whole = new Map(
        parseTraces(text).traces.flatMap((read) => Array.from(read, (one) => [one.spanId, one] as const)),
      );
      let most = 0;
      const cuts = Array.from({ length: Math.floor(text.length / 7) }, (_, at) => 1 + at * 7).concat(text.length - 1);
      for (const end of cuts) {
        let spans: number;
        try {
          const { traces, warnings } = parseTraces(text.slice(0, end));
          expect(warnings.map(({ code }) => code)).toContain('truncated');
          spans = 0;
          for (const read of traces) {
            for (const one of read) {
              const original = whole.get(one.spanId)!;
              expect([one.name, one.parentSpanId, one.end === undefined]).toEqual([
                original.name,
                original.parentSpanId,
                original.end === undefined,
              ]);
              spans++;
            }
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TraceFormatError);
          spans = 0;
        }
        expect(spans).toBeGreaterThanOrEqual(most);
        most = spans;
      }
      expect(most).toBe(12);
    },
  );

  it('drops a cut line of lone spans, and keeps the spans of a cut line of many', () => {
    const lone = ['a', 'b', 'c'].map((id) => JSON.stringify({ ...span(id), trace_id: 't', events: [{ name: 'e' }] }));
    expect(idsOf(lone.join('\n').slice(0, -5))).toEqual(['t: a b']);
    const many = `${JSON.stringify(trace('t', 'a'))}\n${JSON.stringify(trace('t', 'b', 'c'))}`;
    expect(idsOf(many.slice(0, -8))).toEqual(['t: a b']);
  });

  it('is told by the sample that ends in the middle', () => {
    expect(warningsOf(truncatedJson())).toContain('truncated 1');
  });

  it('is an error where it breaks off before the first span', () => {
    const error = failure('{"trace_id": "t", "sp');
    expect(error.code).toBe('invalid-json');
    expect(error.position).toEqual({ line: 1, column: 22 });
    expect(error.message).toContain('breaks off at line 1, column 22, before its first whole span');
  });
});

describe('what is not JSON to the letter', () => {
  it('reads NaN and the infinities by their values, as Python writes them', () => {
    const text = JSON.stringify(trace('t', 'a')).replace(
      '"name"',
      '"attributes":{"n":NaN,"i":[Infinity,-Infinity]},"name"',
    );
    const { traces, warnings } = parseTraces(text);
    expect(traces[0]!.spanAt(0).attributes).toEqual({ n: NaN, i: [Infinity, -Infinity] });
    expect(warnings[0]).toMatchObject({ code: 'lenient-json', count: 3 });
    expect(warnings[0]!.message).toContain(`first: line 1, column ${text.indexOf('NaN') + 1})`);
  });

  it('reads raw line breaks and unknown escapes in strings as they stand', () => {
    const text = JSON.stringify(trace('t', 'a')).replace(
      '"name":"a"',
      '"name":"two\nlines \\x \\u00e9 \\ud83d\\ude00 \\"q\\" \\\\"',
    );
    expect(parseTraces(text).traces[0]!.spanAt(0).name).toBe('two\nlines \\x é 😀 "q" \\');
  });

  it('keeps the own key __proto__ where the text is damaged, too', () => {
    const text =
      '{"trace_id":"t","spans":[{"span_id":"a","name":"n","start_time":1795426200,"attributes":{"__proto__":{"x":1},},},]}';
    const { attributes } = parseTraces(text).traces[0]!.spanAt(0);
    expect(Object.getOwnPropertyDescriptor(attributes, '__proto__')?.value).toEqual({ x: 1 });
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
  });

  it('reads up to what is damaged, says where, and goes on where a line begins anew', () => {
    const text = `${JSON.stringify(trace('t', 'a', 'b', 'c'), null, 1).replace('"c"', '"c" oops')}\n${JSON.stringify(trace('u', 'd'), null, 1)}`;
    expect(idsOf(text)).toEqual(['t: a b', 'u: d']);
    const { warnings, skipped } = parseTraces(text);
    const before = text.slice(0, text.indexOf('oops')).split('\n');
    expect(skipped).toBe(1);
    expect(warnings[0]!.code).toBe('damaged-json');
    expect(warnings[0]!.message).toContain(`at line ${before.length}, column ${before.at(-1)!.length + 1};`);
  });

  it('reads what JSON.parse reads, and the same', () => {
    const random = createRandom(5);
    const value = (depth: number): unknown => {
      const kind = random.int(0, depth > 4 ? 4 : 6);
      if (kind === 0) return random.pick([null, true, false]);
      if (kind === 1) return random.pick([0, -1, 1.5, 1e21, -2.5e-7, 123456789012]);
      if (kind < 5) return random.pick(['', 'a', 'quote " and \\', 'line\nbreak\u0001', '😀é', '[{]},:']);
      const items = Array.from({ length: random.int(0, 4) }, (_, at) => [`k${at}`, value(depth + 1)] as const);
      return kind === 5 ? items.map(([, item]) => item) : Object.fromEntries(items);
    };
    for (let round = 0; round < 300; round++) {
      const attributes = { value: value(0) };
      const text = JSON.stringify({ trace_id: 't', spans: [span('a', { attributes })] }, null, random.pick([0, 2]));
      // A comma before the last bracket is what JSON.parse refuses.
      const lenient = `${text.slice(0, -1)},}`;
      expect(parseTraces(lenient).traces[0]!.spanAt(0).attributes).toEqual(attributes);
    }
  });

  it.each([
    ['{"a" 1}', 1, 6, '“1}”, where a colon was expected'],
    ['{\n  a: 1\n}', 2, 3, '“a: 1”, where a key in quotes was expected'],
    ['[1 2]', 1, 4, '“2]”, where a comma or a closing bracket was expected'],
    ['[1}', 1, 3, '“}”, where “]” was expected'],
    ['{"a": tru, "b": 1}', 1, 7, '“tru, "b": 1}”, where a value was expected'],
    ['{"a": 01}', 1, 7, '“01}”, where a value was expected'],
    ['hello', 1, 1, '“hello”, where an object or an array was expected'],
    ["{'a': 1}", 1, 2, "“'a': 1}”, where a key in quotes was expected"],
  ])('says what is wrong with %j', (text, line, column, words) => {
    const error = failure(text);
    expect(error.code).toBe('invalid-json');
    expect(error.position).toEqual({ line, column });
    expect(error.message).toContain(words);
  });
});

describe('what is no trace', () => {
  const gzip = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0]);
  it.each([
    ['nothing', '', 'empty', 'nothing in it but white space'],
    ['white space', ' \n\t\ufeff', 'empty', 'nothing in it but white space'],
    ['no bytes', new Uint8Array(), 'empty', 'nothing in it but white space'],
    ['an empty array', '[]', 'empty', 'empty array'],
    ['an empty object', '{}', 'empty', 'empty object'],
    ['null', 'null', 'unknown-format', 'it is null'],
    ['a number', '42', 'unknown-format', 'it is a number'],
    ['a string', '"hello"', 'unknown-format', 'it is a string'],
    ['other JSON', '{"name":"x","version":1}', 'unknown-format', 'has the keys name, version'],
    ['a list of other JSON', '[{"a":1}]', 'unknown-format', 'whose first element has the keys a'],
    [
      'a web page',
      '<!DOCTYPE html><html><head><title>502 Bad Gateway</title>',
      'invalid-json',
      'an HTML page titled “502 Bad Gateway”',
    ],
    ['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'invalid-json', 'markup (XML or HTML)'],
    ['a file name', 'traces/run.json', 'invalid-json', 'is the name of a file, not its content'],
    ['an address', 'https://example.com/api/traces/1', 'invalid-json', 'is the name of a file, not its content'],
    ['gzip', gzip, 'unsupported', 'This is gzip data, not JSON. Give it to readTraces, which unpacks it'],
    ['YAML', 'name: x\nspans:\n  - span_id: a\n    name: n\n', 'invalid-json', 'looks like YAML. Convert it to JSON'],
    ['CSV', 'trace_id,span_id,name\n1,2,n\n', 'invalid-json', 'looks like a table (CSV or TSV)'],
    ['TSV', 'trace_id\tspan_id\tname\n1\t2\tn\n', 'invalid-json', 'looks like a table (CSV or TSV)'],
    ['Markdown', '# Report\n\nAll went well.\n', 'invalid-json', 'looks like Markdown'],
    ['a log in text', '2026-01-01 00:00:00 INFO started\n2026-01-01 done\n', 'invalid-json', 'a log in plain text'],
    ['a command', "curl -s 'https://example.com/api/traces'", 'invalid-json', 'a command for curl'],
    ['a HAR file', '{"log":{"version":"1.2","entries":[]}}', 'unknown-format', 'It is a HAR file'],
    [
      'a Postman collection',
      { info: { name: 'x', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' }, item: [] },
      'unknown-format',
      'It is a Postman collection',
    ],
    ['a package.json', { name: 'x', version: '1.0.0', scripts: {} }, 'unknown-format', 'It is a package.json'],
    ['an OpenAPI description', { openapi: '3.1.0', paths: {} }, 'unknown-format', 'It is an OpenAPI description'],
    [
      'scores of Langfuse',
      { data: [{ id: 's', traceId: 't', name: 'q', value: 1, dataType: 'NUMERIC' }], meta: { page: 1 } },
      'unknown-format',
      'It holds scores of Langfuse',
    ],
    [
      'a list of Langfuse’s traces',
      { data: [{ id: 't', timestamp: '2026-01-01T00:00:00Z', htmlPath: '/p', latency: 1 }], meta: { page: 1 } },
      'unknown-format',
      'It is a list of Langfuse’s traces',
    ],
    [
      'a data frame',
      [{ schema: { fields: [{ name: 'traceID' }] }, data: { values: [['a']] } }],
      'unknown-format',
      'It is a data frame of Grafana',
    ],
    [
      'an Activity without ids',
      { OperationName: 'x', StartTimeUtc: '2026-01-01T00:00:00Z', Duration: '00:00:01', Kind: 0 },
      'unknown-format',
      'It is a .NET Activity',
    ],
    [
      'what Node’s console shows',
      "{\n  resource: {\n    attributes: { 'service.name': 'x' }\n  },\n  traceId: 'abc',\n  name: 'n'\n}\n",
      'invalid-json',
      'an object as Node’s console shows it',
    ],
    ['a dashboard', { panels: [], schemaVersion: 39 }, 'unknown-format', 'It is a Grafana dashboard'],
    ['a CPU profile', { nodes: [], samples: [], timeDeltas: [] }, 'unknown-format', 'It is a CPU profile'],
    [
      'a data frame of Grafana',
      [{ schema: { fields: [{ name: 'traceID' }, { name: 'spanID' }] }, data: { values: [['a'], ['b']] } }],
      'unknown-format',
      'It is a data frame of Grafana',
    ],
    [
      'an answer of data frames',
      { results: { A: { frames: [{ schema: { fields: [{ name: 'traceID' }, { name: 'spanID' }] } }] } } },
      'unknown-format',
      'It is a data frame of Grafana',
    ],
    [
      'an Activity of .NET',
      { TraceId: 'a', SpanId: 'b', OperationName: 'n', StartTimeUtc: '2026-01-01T00:00:00Z', Duration: '00:00:01' },
      'unknown-format',
      'It is a .NET Activity',
    ],
    [
      'a list of traces of Langfuse',
      { data: [{ id: 't', timestamp: '2026-01-01T00:00:00Z', name: 'n', sessionId: null, latency: 1 }], meta: {} },
      'unknown-format',
      'Fetch one with them: /api/public/traces/<trace id>',
    ],
    [
      'what the console exporter for Node prints',
      "{\n  resource: { attributes: {} },\n  traceId: '0af7651916cd43dd8448eb211c80319c',\n  name: 'n',\n  id: 'a'\n}\n",
      'invalid-json',
      'what OpenTelemetry’s ConsoleSpanExporter for Node prints',
    ],
    ['metrics', { status: 'success', data: { resultType: 'matrix', result: [] } }, 'unknown-format', 'Prometheus'],
    ['a conversation', { messages: [{ role: 'user', content: 'hi' }] }, 'unknown-format', 'It is a conversation'],
    [
      'a search of Tempo',
      { traces: [{ traceID: '1', rootServiceName: 's', rootTraceName: 'n' }] },
      'unknown-format',
      'Fetch one: /api/traces/<trace id>',
    ],
    [
      'an error',
      { error: { code: 401, message: 'Unauthorized' } },
      'unknown-format',
      'the error that a server answered',
    ],
    [
      'log records a line',
      '{"level":"info","msg":"a"}\n{"level":"warn","msg":"b"}',
      'unknown-format',
      'seems to be a log',
    ],
    ['a SQLite database', new TextEncoder().encode('SQLite format 3\0'), 'unsupported', 'a SQLite database'],
    ['gzip as text', new TextDecoder().decode(gzip), 'unsupported', 'gzip'],
    ['zstd', new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 4]), 'unsupported', 'zstd'],
    ['a ZIP archive', new Uint8Array([0x50, 0x4b, 3, 4, 20]), 'unsupported', 'ZIP'],
    ['protobuf', new Uint8Array([0x0a, 0x8d, 0x02, 0x0a, 0x10, 0x00]), 'unsupported', 'protobuf'],
    ['other bytes', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]), 'unsupported', 'binary'],
    ['UTF-16 as text', '{\0"\0a\0"\0', 'unsupported', 'UTF-16'],
    ['a promise', Promise.resolve('{}'), 'unsupported', 'Promise'],
    ['a response', new Response('{}'), 'unsupported', 'await its text'],
    ['a trace', parseTraces(trace('t', 'a')).traces[0]!, 'unsupported', 'a Trace already'],
  ])('is told apart: %s', (_what, input, code, words) => {
    const error = failure(input);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('TraceFormatError');
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    if (code === 'invalid-json') expect(error.position).toEqual({ line: 1, column: 1 });
  });
});

describe('size and depth', () => {
  it('do not matter: 100,000 brackets, 100,000 levels, 3 MB in one string', () => {
    const depth = 100_000;
    for (const open of ['[', '{"a":', '[{"a":[']) {
      expect(failure(open.repeat(depth)).code).toBe('invalid-json');
    }
    expect(failure(`${'['.repeat(depth)}${']'.repeat(depth)}`).code).toBe('unknown-format');
    expect(failure(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`).code).toBe('unknown-format');
    const long = JSON.stringify(trace('t', 'a')).replace('"name":"a"', `"name":"${'x\\n'.repeat(1_000_000)}"`);
    expect(parseTraces(long).traces[0]!.spanAt(0).name).toHaveLength(2_000_000);
    expect(parseTraces(`${long},`).traces[0]!.spanAt(0).name).toHaveLength(2_000_000);
    expect(failure(`{"a":"${'x'.repeat(3_000_000)}`).position).toEqual({ line: 1, column: 3_000_007 });
  });

  it('do not matter to damaged text: a file of 20,000 spans that is cut, one that has a broken line in every ten', () => {
    const text = Array.from(largeText({ spans: 20_000, format: 'json' })).join('');
    const { traces } = parseTraces(text.slice(0, -1000));
    expect(traces[0]!.spanCount).toBeGreaterThan(19_990);
    const lines = Array.from({ length: 20_000 }, (_, at) =>
      at % 10 === 3 ? '{"broken": [1, 2' : JSON.stringify({ ...span(`s${at}`), trace_id: 't' }),
    );
    const result = parseTraces(lines.join('\n'));
    expect(result.skipped).toBe(2000);
    expect(result.traces[0]!.spanCount).toBe(18_000);
  });
});
