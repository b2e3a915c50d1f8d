import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FormatName, parseTraces } from '../../../src/core.ts';
import { formatTree } from '../../formatTree.ts';
import { faultOf } from '../../fuzz/properties.ts';
import { fuzzCase } from '../../fuzz/run.ts';
import { formCount, seedFile } from '../../fuzz/seeds.ts';
import { wholeSpans } from '../../fuzz/wholeSpans.ts';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../fixtures/fuzz');

describe('files of every format', () => {
  it('are read whole where they are whole, and judged so by who counts brackets', () => {
    for (let number = 0; number < formCount; number++) {
      const { format, form, text } = seedFile(number);
      const label = `${format}, ${form}`;
      const result = parseTraces(text);
      expect(result.format, label).toBe(format);
      expect(result.skipped, label).toBe(0);
      expect(faultOf(text, format), label).toBeUndefined();
      const found = wholeSpans(text, format);
      expect(found.length, label).toBeGreaterThan(1);
      // With something in the way of JSON.parse the brackets are counted.
      expect(wholeSpans(`${text}!`, format), label).toEqual(found);
    }
  });

  it.each([1, 2, 3, 4])(
    'that are damaged lose no span that stands whole in them, and break nothing (part %i)',
    (seed) => {
      const failures: string[] = [];
      for (let number = 0; number < 500; number++) {
        const failure = fuzzCase(number, seed);
        if (failure) failures.push(`${failure.format}, ${failure.form}, case ${number}: ${failure.fault}`);
      }
      expect(failures).toEqual([]);
    },
  );

  const kept = existsSync(fixtures) ? readdirSync(fixtures).filter((name) => name.endsWith('.json')) : [];
  it.each(kept)('that were read wrongly once are read rightly: %s', (name) => {
    const { format, input } = JSON.parse(readFileSync(`${fixtures}/${name}`, 'utf8')) as {
      format: FormatName;
      input: string | object;
    };
    expect(faultOf(input, format)).toBeUndefined();
  });
});

const span = (id: string, parent: string | null = null) => ({
  span_id: id,
  parent_span_id: parent,
  name: id,
  start_time: '2026-11-23T09:30:00',
  end_time: '2026-11-23T09:30:01',
});

describe('a span that is not quite where or what it should be', () => {
  it.each([
    ['Jaeger', { traceID: 'a1', spanID: 'b1', operationName: 'first', startTime: 1e15, duration: 1 }, { data: [] }],
    ['OTLP', { traceId: 'a1', spanId: 'b1', name: 'first', startTimeUnixNano: '1700000000000000000' }, { batches: [] }],
  ])('is shown where it stands below a key that %s has not, in a file that is sound else', (_, first, rest) => {
    const second = JSON.parse(JSON.stringify(first).replace('b1', 'b2').replace('first', 'second')) as object;
    const trace =
      'spanID' in first ? { data: [{ traceID: 'a1', spans: [first] }] } : { scopeSpans: [{ spans: [first] }] };
    const whole = 'data' in rest ? { ...rest, ...trace } : { ...rest, resourceSpans: [trace] };
    const file = { ...whole, logs: [{ fields: [{ key: 'x' }, second] }] };
    for (const input of [file, JSON.stringify(file)]) {
      const { traces, warnings } = parseTraces(input);
      expect([...traces[0]!].map(({ name }) => name)).toEqual(['first', 'second']);
      expect(warnings.map(({ code }) => code)).toContain('misplaced-span');
    }
  });

  it('is plain where it has a name beside what another format calls it, or a context of its own', () => {
    const other = { ...span('a'), trace_id: 't', operationName: 'else', context: { user: 'u1' } };
    const { format, traces } = parseTraces([other, { ...span('b', 'a'), trace_id: 't' }]);
    expect(format).toBe('json');
    expect(formatTree(traces[0]!)).toBe('a 0–1000 unset\n  b 0–1000 unset');
    expect(traces[0]!.span('a')!.attributes).toEqual({ operationName: 'else', context: { user: 'u1' } });
  });
});

describe('after a fault', () => {
  const text = JSON.stringify({ trace_id: 't', spans: [span('a'), span('b', 'a'), span('c', 'a'), span('d', 'c')] });

  it('reading goes on with the next span of the same list', () => {
    const broken = text.replace('"name":"b"', '"name""b"');
    const { traces, warnings, skipped } = parseTraces(broken);
    expect(formatTree(traces[0]!)).toBe('a 0–1000 unset\n  c 0–1000 unset\n    d 0–1000 unset');
    expect(traces[0]!.traceId).toBe('t');
    expect([skipped, traces[0]!.completeness.complete]).toEqual([1, false]);
    expect(warnings[0]).toMatchObject({ code: 'damaged-json', count: 1 });
    expect(warnings[0]!.message).toContain(`line 1, column ${broken.indexOf('"name""b"') + 7}`);
  });

  it('a trace keeps its spans from those of the next', () => {
    const otlp = (id: string, ...spans: string[]) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: id } }] },
      scopeSpans: [
        {
          spans: spans.map((spanId) => ({
            traceId: id,
            spanId,
            name: spanId,
            startTimeUnixNano: '1',
            endTimeUnixNano: '2',
          })),
        },
      ],
    });
    const file = JSON.stringify({ resourceSpans: [otlp('one', 'a', 'b', 'c'), otlp('two', 'd', 'e')] });
    for (const [from, to] of [
      ['"name":"b"', '"name":b"'],
      ['{"traceId":"one","spanId":"b"', '"traceId":"one","spanId":"b"'],
      ['"scopeSpans":[{"spans":[{"traceId":"two"', '"scopeSpans"[{"spans":[{"traceId":"two"'],
    ] as const) {
      const { traces } = parseTraces(file.replace(from, to));
      const services = traces.map(({ traceId, serviceNames, spanCount }) => [traceId, serviceNames.join(), spanCount]);
      expect(services, from).toEqual(
        from.includes('two')
          ? [
              ['one', 'one', 3],
              ['two', 'unknown', 2],
            ]
          : [
              ['one', 'one', 2],
              ['two', 'two', 2],
            ],
      );
    }
  });
});

describe('spans that stand where no format has them', () => {
  const jaeger = {
    traceID: 't',
    spans: [{ traceID: 't', spanID: 'a', operationName: 'a', startTime: 1, duration: 1, processID: 'p1' }],
    processes: { p1: { serviceName: 's' } },
  };

  it.each([
    ['an answer wrapped once more', { response: { body: { data: [jaeger] } } }],
    ['a log record with the file as text', { level: 'info', message: JSON.stringify({ data: [jaeger] }) }],
    ['a key of somebody’s own', [{ note: 'x', export: [jaeger] }]],
  ])('are found: %s', (_what, value) => {
    const { format, traces } = parseTraces(value);
    expect([format, traces[0]!.spanAt(0).serviceName]).toEqual(['jaeger', 's']);
  });

  it('are shown beside those that stand right, with a warning', () => {
    const { traces, warnings } = parseTraces({
      data: [jaeger, { traceID: 'u', spanz: [{ ...jaeger.spans[0], traceID: 'u' }] }],
    });
    expect(traces.map(({ traceId, spanCount }) => `${traceId} ${spanCount}`)).toEqual(['t 1', 'u 1']);
    expect(warnings.find(({ code }) => code === 'misplaced-span')?.count).toBe(1);
  });
});
