import { describe, expect, it } from 'vitest';
import {
  deepChain,
  dirty,
  manyServices,
  messyRun,
  noRoot,
  researchOtlp,
  samples,
  services,
  threeTraces,
} from '../../../samples/index.ts';
import { detectFormat, type ParseResult, parseTraces, type SpanRecord, type Trace, toOtlp } from '../../../src/core.ts';
import { noDetails } from '../../../src/model/details.ts';
import {
  corpusFile,
  corpusFiles,
  corpusNote,
  hasCorpus,
  hasSeed,
  seedNames,
  seedNote,
  seedText,
} from '../../corpus.ts';
import { detailedTrace, unixNanoAt } from '../../detailedTrace.ts';
import { formatTree } from '../../formatTree.ts';
import { randomRecords, traceOfRecords } from '../../randomTrace.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

const traceId = '5b8efff798038103d269b633813fc60c';
const start = 1544712660000000000n;
const at = (milliseconds: number) => String(start + BigInt(Math.round(milliseconds * 1e6)));
const idOf = (number: number) => `eee19b7ec3c1b1${number.toString(16).padStart(2, '0')}`;

/** Spans of one resource, each as little described as a test needs: the first is the others' parent. */
function spansOf(...spans: object[]): object[] {
  return spans.map((span, place) => ({
    traceId,
    spanId: idOf(place),
    ...(place > 0 ? { parentSpanId: idOf(0) } : {}),
    name: `span ${place}`,
    startTimeUnixNano: at(place),
    endTimeUnixNano: at(place + 10),
    ...span,
  }));
}

function resourceOf(spans: readonly unknown[], service = 'agent'): object {
  return {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [{ spans }],
  };
}

const file = (...spans: object[]) => ({ resourceSpans: [resourceOf(spansOf(...spans))] });

function only(result: ParseResult): Trace {
  expect(result.traces).toHaveLength(1);
  return result.traces[0]!;
}

const readOne = (input: object | string) => only(parseTraces(input));
const firstSpan = (span: object) => readOne(file(span)).spanAt(0);
const codes = (input: object | string) => parseTraces(input).warnings.map(({ code, count }) => `${code}:${count}`);
const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');

/** Through text, as a file is written and read. */
function written(trace: Trace): Trace {
  return readOne(JSON.stringify(toOtlp(trace)));
}

describe('reading OTLP', () => {
  it('gives a tree with times, kinds, statuses and services', () => {
    const trace = readOne({
      resourceSpans: [
        resourceOf(
          spansOf(
            { name: 'agent_run', kind: 2, endTimeUnixNano: at(812.000001) },
            { name: 'llm_call', kind: 3, status: { code: 2, message: 'boom' } },
            { name: 'tool:search', endTimeUnixNano: undefined, status: { code: 1 } },
          ),
        ),
        resourceOf(spansOf({}, {}, {}, { name: 'SELECT', parentSpanId: idOf(2), kind: 3, status: {} }).slice(3), 'db'),
      ],
    });
    expect(formatTree(trace)).toBe(
      [
        'agent_run 0–812.000001 unset service=agent',
        '  llm_call 1–11 error service=agent',
        '  tool:search 2– ok service=agent [unfinished]',
        '    SELECT 3–13 unset service=db',
      ].join('\n'),
    );
    expect(Array.from(trace, ({ kind }) => kind)).toEqual(['server', 'client', 'unspecified', 'client']);
    expect(trace.traceId).toBe(traceId);
    expect(trace.startTimeUnixNano).toBe(start);
    expect(trace.spanAt(1).statusMessage).toBe('boom');
    expect(trace.spanAt(2).statusMessage).toBeUndefined();
  });

  it('gives attributes, events, links, resource and scope', () => {
    const span = only(
      parseTraces({
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'host.name', value: { stringValue: 'h' } }] },
            scopeSpans: [
              {
                scope: { name: 'ai', version: '5.0', attributes: [{ key: 'a', value: { boolValue: true } }] },
                spans: spansOf({
                  attributes: [{ key: 'gen_ai.usage.input_tokens', value: { intValue: '42' } }],
                  events: [
                    { timeUnixNano: at(0.5), name: 'exception', attributes: [{ key: 'n', value: { doubleValue: 1 } }] },
                    { name: 'no time' },
                  ],
                  links: [{ traceId, spanId: idOf(9), traceState: 'a=b', attributes: [{ key: 'x', value: {} }] }],
                }),
              },
            ],
          },
        ],
      }),
    ).spanAt(0);
    expect(span.serviceName).toBe('unknown');
    expect(span.attributes).toEqual({ 'gen_ai.usage.input_tokens': 42 });
    expect(span.events).toEqual([
      { name: 'exception', time: 5e5, timeUnixNano: start + 500_000n, attributes: { n: 1 } },
      { name: 'no time', time: undefined, timeUnixNano: undefined, attributes: {} },
    ]);
    expect(span.links).toEqual([{ traceId, spanId: idOf(9), traceState: 'a=b', attributes: { x: null } }]);
    expect(span.resource).toEqual({ 'host.name': 'h' });
    expect(span.scope).toEqual({ name: 'ai', version: '5.0', attributes: { a: true } });
  });

  it('gives no scope where it says nothing', () => {
    for (const scope of [undefined, null, {}, { name: '', version: '' }]) {
      const input = { resourceSpans: [{ scopeSpans: [{ scope, spans: spansOf({}) }] }] };
      expect(readOne(input).spanAt(0).scope).toBeUndefined();
    }
  });

  it('changes nothing of what it is given', () => {
    const input = deepFrozen(messyRun());
    for (const trace of parseTraces(input).traces) contentOf(trace);
    expect(input).toEqual(messyRun());
  });
});

describe('the shapes around spans', () => {
  const resource = resourceOf(spansOf({}, {}));
  const snake = {
    resource_spans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { string_value: 'agent' } }] },
        scope_spans: [
          {
            scope: { name: 'ai' },
            spans: [
              {
                trace_id: traceId,
                span_id: idOf(0),
                name: 'span 0',
                start_time_unix_nano: at(0),
                end_time_unix_nano: at(10),
              },
              {
                trace_id: traceId,
                span_id: idOf(1),
                parent_span_id: idOf(0),
                name: 'span 1',
                start_time_unix_nano: at(1),
                end_time_unix_nano: at(11),
              },
            ],
          },
        ],
      },
    ],
  };
  const old = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'agent' } }] },
        instrumentationLibrarySpans: [{ instrumentationLibrary: { name: 'ai' }, spans: spansOf({}, {}) }],
      },
    ],
  };

  it.each<[string, object]>([
    ['resourceSpans', { resourceSpans: [resource] }],
    ['resource_spans', snake],
    ['instrumentationLibrarySpans', old],
    ["Tempo's batches", { batches: [resource] }],
    ["Tempo's trace", { trace: { resourceSpans: [resource] }, status: 'COMPLETE' }],
    ["Tempo's trace of batches", { trace: { batches: [resource] } }],
    ["Jaeger's result", { result: { resourceSpans: [resource] } }],
    ["Tracetest's trace in a result", { test: {}, result: { traceId, trace: { resourceSpans: [resource] } } }],
    ['a list of these', [{ resourceSpans: [resource] }]],
    ['a list of results', [{ result: { resourceSpans: [resource] } }]],
    ['a list of resources', [resource]],
    ['one resource', resource],
  ])('are known: %s', (_, input) => {
    expect(detectFormat(input)).toBe('otlp');
    expect(formatTree(readOne(input), { services: true })).toBe(
      ['span 0 0–10 unset service=agent', '  span 1 1–11 unset service=agent [outside-parent]'].join('\n'),
    );
  });

  it.each<[string, object]>([
    ['Langfuse', { trace: { id: 't', name: 'n' }, observations: [{ id: 'o', traceId: 't', type: 'SPAN' }] }],
    ['Opik', { trace: { id: 't' }, spans: [{ id: 's', trace_id: 't', type: 'llm' }] }],
    ['Jaeger', { data: [{ traceID: 't', spans: [{ traceID: 't', spanID: 's', operationName: 'o' }] }] }],
    ["Jaeger's batches", { batches: [{ process: { serviceName: 's' }, spans: [] }] }],
    ['plain JSON', { trace_id: 't', spans: [] }],
    ['an API answer', { result: { count: 3 }, trace: null }],
    ['nothing', {}],
    ['nested lists without end', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ])('are not seen in %s', (_, input) => {
    expect(detectFormat(input)).not.toBe('otlp');
  });

  it('name the scope under either name', () => {
    expect(readOne(snake).spanAt(0).scope).toEqual({ name: 'ai' });
    expect(readOne(old).spanAt(0).scope).toEqual({ name: 'ai' });
  });

  it('may hold spans twice, under the old name and the new: then the new counts', () => {
    const spans = spansOf({}, {}, {});
    const resourceSpans = [{ scopeSpans: [{ spans: spans.slice(0, 2) }], instrumentationLibrarySpans: [{ spans }] }];
    const { traces, warnings } = parseTraces({ resourceSpans });
    expect(traces[0]!.spanCount).toBe(2);
    expect(warnings.find(({ code }) => code === 'old-scope-field')).toEqual({
      code: 'old-scope-field',
      count: 1,
      message: '1 span stands only under instrumentationLibrarySpans beside scopeSpans; left out, as OTLP has it.',
    });
    expect(codes({ resourceSpans: [{ ...resourceSpans[0], scopeSpans: [{ spans }] }] })).not.toContain(
      'old-scope-field:1',
    );
    expect(readOne({ resourceSpans: [{ ...resourceSpans[0], scopeSpans: [] }] }).spanCount).toBe(3);
  });

  it('hold no trace where they are empty', () => {
    for (const input of [
      { resourceSpans: [] },
      { batches: [] },
      { resourceSpans: [{ scopeSpans: [{ spans: [] }] }] },
    ]) {
      expect(detectFormat(input)).toBe('otlp');
      expect(() => parseTraces(input)).toThrow(/otlp.*no trace/);
    }
  });
});

describe('several values in one file', () => {
  const parts = spansOf({}, {}, { parentSpanId: idOf(1) }).map((span, place) => ({
    resourceSpans: [resourceOf([span], place === 1 ? 'db' : 'agent')],
  }));

  it.each<[string, string | object]>([
    ['JSON Lines', lines(...parts)],
    ['concatenated JSON', parts.map((part) => JSON.stringify(part)).join('')],
    ['a list', parts],
    ['JSON Lines of results', lines(...parts.map((result) => ({ result })))],
    ['JSON Lines in any order', lines(...[...parts].reverse())],
  ])('make one trace: %s', (_, input) => {
    expect(formatTree(readOne(input))).toMatch(
      /^span 0 .* service=agent\n {2}span 1 .* service=db .*\n {4}span 2 .* service=agent/,
    );
  });

  it('make a trace for each trace id, in the order of their first spans', () => {
    const other = 'ffff0000ffff0000ffff0000ffff0000';
    const { traces } = parseTraces(file({}, { traceId: other, parentSpanId: undefined }, { name: 'last' }));
    expect(traces.map((trace) => [trace.traceId, ...Array.from(trace, ({ name }) => name)])).toEqual([
      [traceId, 'span 0', 'last'],
      [other, 'span 1'],
    ]);
  });

  it('may be logs and metrics, which are left out and told of', () => {
    const input = lines({ resourceMetrics: [] }, file({}), { resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }] });
    const { warnings, skipped } = parseTraces(input);
    expect(skipped).toBe(0);
    expect(warnings).toEqual([
      {
        code: 'other-signals',
        count: 2,
        message: '2 batches of logs, metrics or profiles were left out: this reads traces.',
      },
    ]);
  });

  it('may hold the messages of a conversation in logs, which the trace lacks', () => {
    const records = [
      { eventName: 'gen_ai.user.message', traceId, body: { stringValue: 'hi' } },
      { attributes: [{ key: 'event.name', value: { stringValue: 'gen_ai.choice' } }] },
      { eventName: 'gen_ai.evaluation.result' },
      { eventName: 'device.app.lifecycle' },
      {},
    ];
    const snake = { resource_logs: [{ scope_logs: [{ log_records: [{ event_name: 'gen_ai.tool.message' }] }] }] };
    const input = lines(file({}), { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] }, snake);
    expect(parseTraces(input).warnings.map(({ message }) => message)).toEqual([
      '2 batches of logs, metrics or profiles were left out: this reads traces. Their log records hold 3 GenAI messages, which the spans do not show.',
    ]);
  });

  it('may be something else, which is left out and told of', () => {
    expect(codes(lines(file({}), { level: 'info' }, { trace: null }))).toEqual(['unknown-value:2']);
    expect(codes([file({}), { level: 'info' }, 5])).toEqual(['unknown-value:2']);
  });
});

describe('ids', () => {
  const treeOf = (...spans: object[]) =>
    Array.from(readOne(file(...spans)), ({ key, depth }) => `${'  '.repeat(depth)}${key}`);

  it.each<[string, unknown, unknown, string]>([
    ['hex in lower case', idOf(0), idOf(0), idOf(0)],
    ['hex in upper case', 'EEE19B7EC3C1B100', 'EEE19B7EC3C1B100', 'EEE19B7EC3C1B100'],
    ['hex in both cases, which become lower', 'EEE19B7EC3C1B100', 'eee19b7ec3c1b100', 'eee19b7ec3c1b100'],
    ['hex in both cases within one', 'eEE19B7EC3C1B100', 'EEe19b7ec3c1b100', 'eee19b7ec3c1b100'],
    ['base64', '7uGbfsPBsQA=', '7uGbfsPBsQA=', idOf(0)],
    ['base64 and hex', '7uGbfsPBsQA=', 'EEE19B7EC3C1B100', idOf(0)],
    ['bytes in a list', [238, 225, 155, 126, 195, 193, 177, 0], idOf(0), idOf(0)],
    ['bytes of a Buffer', { type: 'Buffer', data: [238, 225, 155, 126, 195, 193, 177, 0] }, idOf(0), idOf(0)],
    ['a prefix', '0xeee19b7ec3c1b100', 'eee19b7ec3c1b100', idOf(0)],
    [
      'a UUID',
      '0190c3f0-7f00-7000-8000-00000000000a',
      '0190c3f0-7f00-7000-8000-00000000000a',
      '0190c3f0-7f00-7000-8000-00000000000a',
    ],
    ['a number', 42, '42', '42'],
    ['any text', 'root/span', 'root/span', 'root/span'],
    ['12 hex digits, which are not base64', 'c0ffee00c0de', 'c0ffee00c0de', 'c0ffee00c0de'],
    [
      '24 hex digits, which are not base64',
      'c0ffee00c0ffee00c0ffee00',
      'c0ffee00c0ffee00c0ffee00',
      'c0ffee00c0ffee00c0ffee00',
    ],
    ['text that ends as base64 does', 'not base64!=', 'not base64!=', 'not base64!='],
    ['a key of every object', '__proto__', '__proto__', '__proto__'],
  ])('join parent and child: %s', (_, spanId, parentSpanId, key) => {
    // Ids of digits alone, which have no case, leave the choice of case to those in question.
    const digits = { traceId: '1'.repeat(32) };
    expect(treeOf({ ...digits, spanId }, { ...digits, spanId: '1111111111111111', parentSpanId })).toEqual([
      key,
      '  1111111111111111',
    ]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['zeros', '0000000000000000'],
    ['zeros in base64', 'AAAAAAAAAAA='],
    ['zeros in bytes', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['a UUID of zeros', '00000000-0000-0000-0000-000000000000'],
    ['0', 0],
  ])('stand for no parent: %s', (_, parentSpanId) => {
    const trace = readOne(file({ parentSpanId }));
    expect(trace.spanAt(0).parentSpanId).toBeUndefined();
    expect(trace.spanAt(0).issues).toEqual([]);
  });

  it('of one trace are one, whatever their case and coding', () => {
    const spellings = [traceId, traceId.toUpperCase(), 'W47/95gDgQPSabYzgT/GDA==', `0x${traceId}`];
    const trace = readOne(file(...spellings.map((spelling) => ({ traceId: spelling }))));
    expect([trace.traceId, trace.spanCount]).toEqual([traceId, 4]);
    expect(readOne(file({ traceId: traceId.toUpperCase(), spanId: '11' })).traceId).toBe(
      '5B8EFFF798038103D269B633813FC60C',
    );
  });

  it('of links take the case of the spans', () => {
    const links = [
      { traceId: traceId.toUpperCase(), spanId: idOf(1).toUpperCase() },
      { traceId: 'W47/95gDgQPSabYzgT/GDA==' },
    ];
    expect(firstSpan({ links }).links).toEqual([
      { traceId, spanId: idOf(1), attributes: {} },
      { traceId, spanId: '', attributes: {} },
    ]);
  });

  it('may be missing: the span is kept', () => {
    const trace = readOne(file({}, { spanId: undefined }, { spanId: '' }));
    expect(Array.from(trace, ({ key }) => key)).toEqual([idOf(0), '~1', '~2']);
    expect(readOne(file({ traceId: undefined })).traceId).toBe('');
  });
});

describe('enums', () => {
  it.each<[unknown, string]>([
    [3, 'client'],
    ['3', 'client'],
    ['SPAN_KIND_CLIENT', 'client'],
    ['span_kind_producer', 'producer'],
    ['Consumer', 'consumer'],
    ['SPAN_KIND_UNSPECIFIED', 'unspecified'],
    [0, 'unspecified'],
    [undefined, 'unspecified'],
    [null, 'unspecified'],
    [99, 'unspecified'],
    ['constructor', 'unspecified'],
    [{}, 'unspecified'],
  ])('say the kind: %j is %s', (kind, expected) => {
    expect(firstSpan({ kind }).kind).toBe(expected);
  });

  it.each<[unknown, string, string?]>([
    [{ code: 2 }, 'error'],
    [{ code: 2, message: 'boom' }, 'error', 'boom'],
    [{ code: 'STATUS_CODE_ERROR', message: '' }, 'error'],
    [{ code: 'Error' }, 'error'],
    [{ code: '2' }, 'error'],
    [{ code: 'STATUS_CODE_OK' }, 'ok'],
    [{ code: 1 }, 'ok'],
    [{ code: 0 }, 'unset'],
    [{ message: 'only a message' }, 'unset', 'only a message'],
    [{}, 'unset'],
    [undefined, 'unset'],
    [null, 'unset'],
    ['ERROR', 'error'],
    ['STATUS_CODE_OK', 'ok'],
    [2, 'error'],
    ['no such status', 'unset', 'no such status'],
    [[], 'unset'],
  ])('say the status: %j is %s', (status, expected, message) => {
    const span = firstSpan({ status });
    expect([span.status, span.statusMessage]).toEqual([expected, message]);
  });
});

describe('times', () => {
  it.each<[string, unknown, bigint]>([
    ['a decimal string', '1544712660000000001', 1544712660000000001n],
    ['a number, to what it holds', 1544712660000000000, 1544712660000000000n],
    ['a bigint', 1544712660000000001n, 1544712660000000001n],
    ["JavaScript's two numbers", [1544712660, 1], 1544712660000000001n],
    ["protobuf's timestamp", { seconds: 1544712660, nanos: 1 }, 1544712660000000001n],
    ['ISO 8601', '2018-12-13T14:51:00.000000001Z', 1544712660000000001n],
    ['ISO 8601 without a zone', '2018-12-13T14:51:00', 1544712660000000000n],
    ['an exponent', '1.54471266e18', 1544712660000000000n],
    ['white space', ' 1544712660000000001\n', 1544712660000000001n],
    ['before 1970', '-1', -1n],
    ['1970 where it is written', '0', 0n],
  ])('are read from %s', (_, startTimeUnixNano, expected) => {
    const span = firstSpan({ startTimeUnixNano, endTimeUnixNano: startTimeUnixNano });
    expect(span.startTimeUnixNano).toBe(expected);
    expect(span.issues).toEqual(expected === 0n ? ['unfinished'] : []);
  });

  it('of Longs are put together as they are written', () => {
    const value = 1544712660000000001n;
    const long = { low: Number(BigInt.asIntN(32, value)), high: Number(value >> 32n) };
    expect(firstSpan({ startTimeUnixNano: long }).startTimeUnixNano).toBe(value);
  });

  it.each<unknown>([undefined, null, '', '0', 0, { low: 0, high: 0 }, 'soon', {}, [], [1, 2e9], '9'.repeat(40), 1e300])(
    'leave a span open where the end is %j',
    (endTimeUnixNano) => {
      const span = firstSpan({ endTimeUnixNano });
      expect([span.end, span.issues]).toEqual([undefined, ['unfinished']]);
    },
  );

  it.each<unknown>([undefined, null, '', 'soon'])('are missing where the start is %j', (startTimeUnixNano) => {
    const span = readOne(file({}, { startTimeUnixNano, endTimeUnixNano: at(2) })).spanAt(1);
    expect([span.start, span.issues]).toEqual([0, ['missing-start']]);
  });

  it('are implausible where a start of 0 stands among others', () => {
    expect(readOne(file({}, { startTimeUnixNano: '0' })).span(idOf(1))!.issues).toContain('implausible-time');
  });
});

describe('what the SDK dropped', () => {
  it('makes the trace incomplete, with numbers', () => {
    const trace = readOne(
      file(
        { droppedAttributesCount: 5, droppedLinksCount: 1 },
        { droppedAttributesCount: '7', droppedEventsCount: 0 },
        {},
      ),
    );
    expect(trace.completeness).toEqual({
      complete: false,
      reasons: ['12 attributes and 1 link were dropped by the SDK.'],
    });
  });

  it('is told of in snake_case too, and for its own trace alone', () => {
    const one = { trace_id: traceId, span_id: idOf(0), name: 'a', dropped_events_count: 1 };
    const other = { trace_id: 'ff', span_id: idOf(1), name: 'b', dropped_events_count: -3 };
    const { traces } = parseTraces({ resource_spans: [{ scope_spans: [{ spans: [one, other] }] }] });
    expect(traces.map(({ completeness }) => completeness.reasons)).toEqual([['1 event was dropped by the SDK.'], []]);
  });

  it('leaves a trace complete where nothing was', () => {
    expect(readOne(file({ droppedAttributesCount: 0 })).completeness.complete).toBe(true);
  });

  it("is like a part of a trace, which Tempo's answer owns up to", () => {
    const input = { trace: file({}), status: 'PARTIAL', message: 'trace exceeds max size' };
    expect(readOne(input).completeness.reasons).toEqual([
      'The server answered with a part of the trace only: trace exceeds max size.',
    ]);
  });
});

describe('dirt', () => {
  it('that is no span is skipped and counted', () => {
    const spans: unknown[] = [...spansOf({}), null, 7, 'span', [], {}];
    const { skipped, warnings } = parseTraces({ resourceSpans: [resourceOf(spans)] });
    expect(skipped).toBe(5);
    expect(warnings).toEqual([
      { code: 'unreadable-span', count: 5, message: '5 entries among the spans could not be read and were left out.' },
    ]);
  });

  it('in any place throws nothing', () => {
    const junk = [null, 7, 'x', [], {}, [null], { attributes: 7 }, { values: null }];
    for (const value of junk) {
      const inputs = [
        file({ attributes: value, events: value, links: value, status: value, kind: value, name: value }),
        file({ events: [value], links: [value], attributes: [value] }),
        { resourceSpans: [value, resourceOf(spansOf({}))] },
        { resourceSpans: [{ resource: value, scopeSpans: [value, { scope: value, spans: spansOf({}) }] }] },
      ];
      for (const input of inputs) expect(contentOf(readOne(input))).toBeDefined();
    }
  });

  it('in keys touches no prototype', () => {
    const attributes = ['__proto__', 'constructor', 'toString'].map((key) => ({ key, value: { stringValue: key } }));
    const span = readOne(JSON.stringify(file({ attributes, events: [{ name: 'e', attributes }] }))).spanAt(0);
    expect(Object.keys(span.attributes)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.keys(span.events[0]!.attributes)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.keys({})).toEqual([]);
  });
});

describe('a reference that says more than a parent', () => {
  const refType = (stringValue: string) => [{ key: 'opentracing.ref_type', value: { stringValue } }];

  it('to the parent makes the span follow from it', () => {
    const trace = readOne(file({}, { links: [{ traceId, spanId: idOf(0), attributes: refType('follows_from') }] }));
    expect([trace.spanAt(1).followsFrom, trace.spanAt(1).links]).toEqual([true, []]);
  });

  it('to another span is a link of that kind', () => {
    const links = [
      { traceId, spanId: idOf(2), attributes: refType('follows_from') },
      { traceId: 'ff', spanId: idOf(0), attributes: refType('child_of') },
      { traceId, spanId: idOf(0), attributes: refType('something') },
    ];
    const span = readOne(file({}, { links })).spanAt(1);
    expect(span.followsFrom).toBe(false);
    expect(span.links).toEqual([
      { traceId, spanId: idOf(2), attributes: {}, refType: 'FOLLOWS_FROM' },
      { traceId: 'ff', spanId: idOf(0), attributes: {}, refType: 'CHILD_OF' },
      { traceId, spanId: idOf(0), attributes: { 'opentracing.ref_type': 'something' } },
    ]);
  });

  it('keeps what else its link says', () => {
    const attributes = [...refType('follows_from'), { key: 'why', value: { stringValue: 'batch' } }];
    const span = readOne(file({}, { links: [{ traceId, spanId: idOf(0), attributes }] })).spanAt(1);
    expect(span.followsFrom).toBe(true);
    expect(span.links).toEqual([{ traceId, spanId: idOf(0), attributes: { why: 'batch' }, refType: 'FOLLOWS_FROM' }]);
  });
});

/** As a reader of OTLP must have it: what a span's service is, is the resource's to say, and an id of zeros is none. */
function expectSame(trace: Trace, again: Trace, message?: string): void {
  const comparable = (from: Trace) => {
    const { completeness: _, spans, ...rest } = contentOf(from) as { completeness: unknown; spans: SpanContent[] };
    return {
      ...rest,
      spans: spans.map(({ sourceOrder: _order, serviceName, resource, ...span }) => {
        const service = resource['service.name'] ?? serviceName;
        return { ...span, serviceName, resource: { ...resource, 'service.name': service } };
      }),
    };
  };
  expect(comparable(again), message).toEqual(comparable(trace));
}

interface SpanContent {
  sourceOrder: number;
  serviceName: string;
  resource: Record<string, unknown>;
}

describe('writing OTLP', () => {
  it('groups by resource and scope, in the order of their first spans', () => {
    const scope = { name: 'ai', version: '5.0', attributes: { a: [1] } };
    const trace = detailedTrace(
      [
        { id: idOf(0), serviceName: 'agent', kind: 'server', status: 'ok', details: { scope } },
        {
          id: idOf(1),
          parent: idOf(0),
          serviceName: 'db',
          start: 1,
          status: 'error',
          details: {
            statusMessage: 'boom',
            resource: { 'service.name': 'db', pid: 7 },
            attributes: { rows: 3, share: 0.5, big: 2n ** 60n, raw: Uint8Array.of(1), none: null, list: ['a'] },
            events: [{ name: 'retry', timeUnixNano: unixNanoAt(2), attributes: { n: 1 } }],
            links: [{ traceId: 'ff', spanId: 'ee', traceState: 'a=b', attributes: {} }],
          },
        },
        { id: idOf(2), parent: idOf(0), serviceName: 'agent', start: 2, end: null, details: { scope: { ...scope } } },
        { id: idOf(3), parent: idOf(0), serviceName: 'agent', start: null, end: 5, followsFrom: true },
      ],
      {},
      traceId,
    );
    const span = (number: number, name: string, kind = 1) => ({ traceId, spanId: idOf(number), name, kind });
    const nano = (ms: number) => String(unixNanoAt(ms));
    expect(toOtlp(trace)).toEqual({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'agent' } }] },
          scopeSpans: [
            {
              scope: {
                name: 'ai',
                version: '5.0',
                attributes: [{ key: 'a', value: { arrayValue: { values: [{ intValue: '1' }] } } }],
              },
              spans: [
                {
                  ...span(0, idOf(0), 2),
                  startTimeUnixNano: nano(0),
                  endTimeUnixNano: nano(100),
                  attributes: [],
                  status: { code: 1 },
                },
                { ...span(2, idOf(2)), parentSpanId: idOf(0), startTimeUnixNano: nano(2), attributes: [], status: {} },
              ],
            },
            {
              spans: [
                {
                  ...span(3, idOf(3)),
                  parentSpanId: idOf(0),
                  endTimeUnixNano: nano(5),
                  attributes: [],
                  links: [
                    {
                      traceId,
                      spanId: idOf(0),
                      attributes: [{ key: 'opentracing.ref_type', value: { stringValue: 'follows_from' } }],
                    },
                  ],
                  status: {},
                },
              ],
            },
          ],
        },
        {
          resource: {
            attributes: [
              { key: 'service.name', value: { stringValue: 'db' } },
              { key: 'pid', value: { intValue: '7' } },
            ],
          },
          scopeSpans: [
            {
              spans: [
                {
                  ...span(1, idOf(1)),
                  parentSpanId: idOf(0),
                  startTimeUnixNano: nano(1),
                  endTimeUnixNano: nano(100),
                  attributes: [
                    { key: 'rows', value: { intValue: '3' } },
                    { key: 'share', value: { doubleValue: 0.5 } },
                    { key: 'big', value: { intValue: '1152921504606846976' } },
                    { key: 'raw', value: { bytesValue: 'AQ==' } },
                    { key: 'none', value: {} },
                    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
                  ],
                  events: [
                    { timeUnixNano: nano(2), name: 'retry', attributes: [{ key: 'n', value: { intValue: '1' } }] },
                  ],
                  links: [{ traceId: 'ff', spanId: 'ee', traceState: 'a=b', attributes: [] }],
                  status: { code: 2, message: 'boom' },
                },
              ],
            },
          ],
        },
      ],
    });
    expectSame(trace, written(trace));
  });

  it('writes a resource again where equal spans would change places', () => {
    const spans = (second: number) => [
      { id: idOf(0), serviceName: 'a' },
      { id: idOf(1), parent: idOf(0), serviceName: 'b', start: 5 },
      { id: idOf(2), parent: idOf(0), serviceName: 'a', start: second },
    ];
    const servicesOf = (trace: Trace) =>
      toOtlp(trace).resourceSpans.map(({ resource }) => resource.attributes[0]!.value.stringValue);
    expect(servicesOf(detailedTrace(spans(6)))).toEqual(['a', 'b']);
    expect(servicesOf(detailedTrace(spans(5)))).toEqual(['a', 'b', 'a']);
    for (const second of [5, 6]) expectSame(detailedTrace(spans(second)), written(detailedTrace(spans(second))));
  });

  it('writes a resource again where a cycle would be cut at another span', () => {
    const trace = detailedTrace([
      { id: idOf(0), serviceName: 'b' },
      { id: idOf(1), serviceName: 'a', parent: idOf(2) },
      { id: idOf(2), serviceName: 'b', parent: idOf(1) },
    ]);
    expect(toOtlp(trace).resourceSpans).toHaveLength(3);
    expectSame(trace, written(trace));
  });

  it('keeps upper-case ids, and ids that are not hex', () => {
    for (const id of ['EEE19B7EC3C1B174', '0190c3f0-7f00-7000-8000-00000000000a', 'Wurzel']) {
      const trace = detailedTrace([{ id }, { id: '1111111111111111', parent: id }], {}, id);
      expectSame(trace, written(trace));
    }
  });

  it('writes a trace without spans as no resources', () => {
    expect(toOtlp(detailedTrace([]))).toEqual({ resourceSpans: [] });
  });

  it('gives random traces back, of every kind of dirt, with several resources and scopes', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = traceOfRecords(randomRecords(seed).map(writable)).withDetails(() => ({
        read: (row) => ({
          ...noDetails,
          statusMessage: row % 5 === 0 ? `message ${row}` : undefined,
          attributes: { row, half: row / 2, big: 2n ** 53n + BigInt(row), nested: [{ row }, null] },
          resource: row % 7 === 0 ? { host: 'h' } : noDetails.resource,
          scope: row % 3 === 0 ? undefined : { name: `scope ${row % 3}`, ...(row % 2 ? { version: '1' } : {}) },
        }),
      }));
      if (trace.spanCount > 0) expectSame(trace, written(trace), `seed ${seed}`);
    }
  });

  /** Without what OTLP has no words for: an id of zeros is none in it, and what follows has to follow something. */
  function writable(record: SpanRecord): SpanRecord {
    const idOf = (id: string) => (/^0+$/.test(id) ? 'feed000000000000' : id);
    const parentSpanId = record.parentSpanId === undefined ? undefined : idOf(record.parentSpanId);
    const followsFrom = record.followsFrom && parentSpanId !== undefined;
    return { ...record, spanId: idOf(record.spanId), parentSpanId, followsFrom };
  }

  it('gives every sample back, whatever format it came in', () => {
    const loaded = samples.filter(({ id, format }) => format && id !== 'truncated').map(({ load }) => load());
    const others = [
      dirty(),
      noRoot(),
      deepChain(300),
      threeTraces(),
      manyServices(7),
      services(),
      messyRun(),
      researchOtlp(),
    ];
    for (const input of [...loaded, ...others]) {
      for (const trace of parseTraces(input).traces) if (trace.spanCount > 0) expectSame(trace, written(trace));
    }
  });

  it('writes what it read, as it read it, for a file that is written by the rules', () => {
    const { resourceSpans } = researchOtlp();
    const trace = readOne({ resourceSpans });
    const again = toOtlp(written(trace));
    expect(again).toEqual(toOtlp(trace));
    const spanIds = (file: {
      resourceSpans: readonly { scopeSpans: readonly { spans: readonly { spanId: string }[] }[] }[];
    }) =>
      file.resourceSpans.flatMap((group) => group.scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => spanId)));
    expect(spanIds(again)).toEqual(spanIds({ resourceSpans }));
  });
});

describe.skipIf(!hasSeed)(`the reference traces${seedNote}`, () => {
  it.each(seedNames())('%s comes back from both its forms', (name) => {
    for (const form of [`${name}.json`, `${name}.jaeger.json`]) {
      const trace = readOne(seedText(form));
      if (trace.spanCount > 0) expectSame(trace, written(trace));
    }
  });
});

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  const readFile = (name: string) => parseTraces(corpusFile(`otlp/${name}`));

  it.each(corpusFiles('otlp'))('%s comes back', (name) => {
    for (const trace of readFile(name).traces) expectSame(trace, written(trace));
  });

  it("has Jaeger's references as links, and bytes", () => {
    const span = readFile('jaeger-memory-traces.json').traces[0]!.spanAt(0);
    expect(span.attributes).toEqual({
      'peer.service': 'service-y',
      'peer.ipv4': 23456,
      blob: Uint8Array.of(0, 0, 0x30, 0x39),
      temperature: 72.5,
    });
    expect(span.scope).toEqual({
      name: 'testing-library-2',
      version: '1.1.1',
      attributes: { 'scope.attributes.2': 'attribute-y' },
    });
    expect(span.links.map(({ refType }) => refType)).toContain('FOLLOWS_FROM');
  });

  it('has lists and maps in a resource', () => {
    const { traces, warnings } = readFile('dataprepper-multiple-traces.json');
    expect(traces[0]!.spanAt(0).resource).toMatchObject({
      array: ['test string', false, 0],
      kvList: { key1: 'value1', key2: 'value2' },
    });
    expect(traces.map((trace) => trace.traceId)).toEqual(['5452414345494431', '5452414345494433', '5452414345494432']);
    expect(warnings.find(({ code }) => code === 'old-scope-field')?.count).toBe(3);
  });

  it('has values beside empty lists and maps', () => {
    const span = readOne(corpusFile('otlp/tracetest-pokeshop.json')).spanAt(0);
    expect([span.serviceName, span.attributes['http.status_code']]).toEqual(['pokeshop', 200]);
    expect(span.scope).toEqual({ name: 'pokeshop', version: 'undefined' });
  });

  it('has upper-case ids as they are spelt', () => {
    const trace = readOne(corpusFile('otlp/proto-example.json'));
    expect([trace.traceId, trace.spanAt(0).spanId, trace.spanAt(0).parentSpanId]).toEqual([
      '5B8EFFF798038103D269B633813FC60C',
      'EEE19B7EC3C1B174',
      'EEE19B7EC3C1B173',
    ]);
  });

  it('has scopes that say nothing', () => {
    const trace = readOne(corpusFile('otlp/kiali-istio-base64-batches.json'));
    expect(Array.from(trace, ({ scope }) => scope).every((scope) => scope === undefined)).toBe(true);
    expect(trace.traceId).toBe('3ba55609c3cde49649cd77d1f9dcd936');
  });
});
