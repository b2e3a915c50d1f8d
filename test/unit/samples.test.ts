import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  agentRun,
  createRandom,
  deepChain,
  dirty,
  empty,
  emptyObjectText,
  emptyText,
  errorRun,
  htmlErrorPage,
  hugeAttribute,
  type JaegerFile,
  type LargeFormat,
  type LargeShape,
  large,
  largeText,
  manyServices,
  messyRun,
  noRoot,
  type OtlpFile,
  type OtlpKeyValue,
  type OtlpSpan,
  openRun,
  type PlainTrace,
  researchOtlp,
  samples,
  services,
  singleSpan,
  threeTraces,
  truncatedJson,
} from '../../samples/index.ts';

const SAMPLES_FOLDER = new URL('../../samples/', import.meta.url);

type ServiceSpan = OtlpSpan & { service: string };

function otlpSpans(file: OtlpFile): ServiceSpan[] {
  return file.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributeOf(resource, 'service.name'));
    return scopeSpans.flatMap((group) => group.spans.map((span) => ({ ...span, service })));
  });
}

function attributeOf(holder: { attributes: OtlpKeyValue[] }, key: string): unknown {
  const value = holder.attributes.find((attribute) => attribute.key === key)?.value;
  return value === undefined ? undefined : Object.values(value)[0];
}

function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function plainIds(trace: PlainTrace): string[] {
  return trace.spans.map((span) => span.span_id);
}

/** Milliseconds after the start of the sample day's base time. */
function milliseconds(unixNano: string): number {
  return Number(BigInt(unixNano) - 1795426200000000000n) / 1e6;
}

describe('all samples', () => {
  it.each(samples.map((sample) => [sample.id, sample] as const))(
    '%s is the same every time it is made',
    (_, sample) => {
      expect(JSON.stringify(sample.load())).toBe(JSON.stringify(sample.load()));
    },
  );

  it.each(samples.map((sample) => [sample.id, sample] as const))('%s survives a way through JSON', (_, sample) => {
    const loaded = sample.load();
    expect(JSON.parse(JSON.stringify(loaded))).toStrictEqual(loaded);
  });

  it('have ids and titles of their own', () => {
    expect(repeated(samples.map((sample) => sample.id))).toEqual([]);
    expect(repeated(samples.map((sample) => sample.title))).toEqual([]);
  });

  it('are made of nothing outside their folder, and of neither clock nor chance', () => {
    for (const name of readdirSync(SAMPLES_FOLDER).filter((file) => file.endsWith('.ts'))) {
      const source = readFileSync(new URL(name, SAMPLES_FOLDER), 'utf8');
      const imported = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
      expect(
        imported.filter((path) => !/^\.\/\w+\.ts$/.test(path)),
        name,
      ).toEqual([]);
      expect(source, name).not.toMatch(/Date\.now|new Date\(\)|Math\.random|performance\.now/);
    }
  });

  it('start at the base time, or a moment later', () => {
    for (const trace of [agentRun(), errorRun(), openRun()]) {
      expect(trace.spans[0]?.start_time).toMatch(/^2026-11-23T09:30:00\.\d{6}Z$/);
    }
    expect(services().data[0]?.spans[0]?.startTime).toBe(Date.parse('2026-11-23T09:30:00Z') * 1000);
  });
});

describe('a seeded source of chance', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const numbers = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.unit());
    };
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
  });

  it('stays within its bounds and reaches both ends', () => {
    const random = createRandom(1);
    const drawn = new Set(Array.from({ length: 500 }, () => random.int(2, 5)));
    expect([...drawn].sort()).toEqual([2, 3, 4, 5]);
    const varied = Array.from({ length: 2000 }, () => random.vary(100));
    expect(Math.min(...varied)).toBeGreaterThanOrEqual(70);
    expect(Math.max(...varied)).toBeLessThanOrEqual(220);
  });

  it('writes UUIDs of version 4', () => {
    const random = createRandom(2);
    for (let round = 0; round < 50; round++) {
      expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

describe('the agent run', () => {
  const trace = agentRun();
  const names = trace.spans.map((span) => span.name);

  it('goes through five iterations of memory, LLM, decision and tools', () => {
    expect(names.slice(0, 2)).toEqual(['session', 'agent_run']);
    expect(names.filter((name) => name.startsWith('iteration_'))).toEqual([1, 2, 3, 4, 5].map((n) => `iteration_${n}`));
    for (const name of ['memory:retrieve', 'llm_call', 'decision:action_selection', 'memory:store']) {
      expect(names.filter((each) => each === name)).toHaveLength(5);
    }
    expect(names.filter((name) => name.startsWith('tool:'))).toHaveLength(6);
    expect(repeated(plainIds(trace))).toEqual([]);
  });

  it('says of each LLM call what it cost and of each tool call what went in and came out', () => {
    for (const span of trace.spans.filter(({ name }) => name === 'llm_call')) {
      expect(span.attributes).toMatchObject({
        'llm.model': expect.any(String),
        'llm.prompt_tokens': expect.any(Number),
        'llm.completion_tokens': expect.any(Number),
        'llm.temperature': 0.2,
        'gen_ai.usage.cost': expect.any(Number),
      });
    }
    for (const span of trace.spans.filter(({ name }) => name.startsWith('tool:'))) {
      expect(JSON.parse(String(span.attributes['gen_ai.tool.call.arguments']))).toBeTypeOf('object');
      expect(JSON.parse(String(span.attributes['gen_ai.tool.call.result']))).toBeTypeOf('object');
    }
  });

  it('has durations that agree with its times to the microsecond, children within their parent', () => {
    const microseconds = (time: string) => Date.parse(`${time.slice(0, 23)}Z`) * 1000 + Number(time.slice(23, 26));
    const byId = new Map(trace.spans.map((span) => [span.span_id, span]));
    for (const span of trace.spans) {
      const [start, end] = [microseconds(span.start_time), microseconds(span.end_time ?? '')];
      expect(span.duration_ms).toBeCloseTo((end - start) / 1000, 6);
      const parent = byId.get(span.parent_span_id ?? '');
      if (parent === undefined) continue;
      expect(start).toBeGreaterThanOrEqual(microseconds(parent.start_time));
      expect(end).toBeLessThanOrEqual(microseconds(parent.end_time ?? ''));
    }
  });

  it('that fails has one first cause, and the error on the path from there to the run', () => {
    const failed = errorRun().spans.filter((span) => span.status === 'error');
    expect(failed.map((span) => span.name)).toEqual(['agent_run', 'iteration_2', 'tool:fare_rules']);
    expect(new Set(failed.map((span) => span.attributes.status_description)).size).toBe(1);
    const exception = failed[2]?.events.find((event) => event.name === 'exception');
    expect(exception?.attributes['exception.stacktrace']).toContain('Traceback');
  });

  it('that is still running is open exactly on the path to its latest span', () => {
    const open = openRun().spans.filter((span) => span.end_time === null);
    expect(open.map((span) => span.name)).toEqual(['session', 'agent_run', 'iteration_3', 'tool:calendar_conflicts']);
    expect(open.every((span) => span.duration_ms === null && span.status === 'unset')).toBe(true);
    expect(openRun().spans.at(-1)).toEqual(open.at(-1));
  });
});

describe('the checkout', () => {
  const trace = services().data[0]!;
  const tagOf = (span: (typeof trace.spans)[number], key: string) => span.tags.find((tag) => tag.key === key)?.value;

  it('has sixty spans of eleven services, each with its process', () => {
    expect(trace.spans).toHaveLength(60);
    expect(Object.keys(trace.processes)).toHaveLength(11);
    expect(repeated(trace.spans.map((span) => span.spanID))).toEqual([]);
    for (const span of trace.spans) expect(trace.processes[span.processID]).toBeDefined();
    expect(trace.processes.p1?.tags.length).toBeGreaterThan(0);
  });

  it('fails twice with a 500 before the payment goes through', () => {
    const charges = trace.spans.filter((span) => span.operationName === 'POST /charges');
    expect(charges.map((span) => tagOf(span, 'http.response.status_code'))).toEqual([500, 500, 200]);
    expect(charges.map((span) => tagOf(span, 'error') ?? false)).toEqual([true, true, false]);
  });

  it('has consumers that follow from the producer and outlive it and the root', () => {
    const byId = new Map(trace.spans.map((span) => [span.spanID, span]));
    const consumers = trace.spans.filter((span) => span.references[0]?.refType === 'FOLLOWS_FROM');
    expect(consumers.map((span) => span.operationName)).toEqual(['orders process', 'orders process']);
    const rootEnd = trace.spans[0]!.startTime + trace.spans[0]!.duration;
    for (const span of consumers) {
      expect(tagOf(span, 'span.kind')).toBe('consumer');
      expect(byId.get(span.references[0]!.spanID)?.operationName).toBe('orders publish');
      expect(span.startTime).toBeGreaterThan(rootEnd);
    }
  });

  it('speaks HTTP, gRPC, SQL, Redis and Kafka', () => {
    const keys = new Set(trace.spans.flatMap((span) => span.tags.map((tag) => tag.key)));
    for (const key of ['http.request.method', 'rpc.system', 'db.system', 'messaging.system'])
      expect(keys).toContain(key);
    expect(trace.spans.some((span) => span.logs.length > 0)).toBe(true);
  });
});

describe('the research agent', () => {
  const file = researchOtlp();
  const spans = otlpSpans(file);

  it('speaks the GenAI conventions in two resources and three scopes', () => {
    expect(file.resourceSpans).toHaveLength(2);
    expect(new Set(file.resourceSpans.flatMap((each) => each.scopeSpans.map(({ scope }) => scope.name))).size).toBe(3);
    const operations = new Set(spans.map((span) => attributeOf(span, 'gen_ai.operation.name')));
    for (const name of ['invoke_agent', 'chat', 'execute_tool', 'retrieval', 'embeddings', 'rerank']) {
      expect(operations).toContain(name);
    }
    expect(spans).toHaveLength(21);
    expect(repeated(spans.map((span) => span.spanId))).toEqual([]);
  });

  it('has messages as JSON text that grow from one LLM call to the next', () => {
    const chats = spans.filter((span) => span.name.startsWith('chat '));
    const lengths = chats.map((span) => JSON.parse(String(attributeOf(span, 'gen_ai.input.messages'))).length);
    expect(lengths).toEqual([1, 4, 7, 11]);
  });

  it('links to a span of another trace and to one of its own', () => {
    const links = spans.flatMap((span) => span.links ?? []);
    expect(links.filter((link) => link.traceId === spans[0]?.traceId)).toHaveLength(1);
    expect(links.filter((link) => link.traceId !== spans[0]?.traceId)).toHaveLength(1);
    expect(spans.some((span) => span.events?.some((event) => event.name === 'gen_ai.evaluation.result'))).toBe(true);
  });
});

describe('the messy run', () => {
  const spans = otlpSpans(messyRun());
  const named = (name: string) => spans.filter((span) => span.name === name);
  const toolCalls = (service: string) =>
    spans
      .filter((span) => span.service === service && attributeOf(span, 'gen_ai.operation.name') === 'execute_tool')
      .sort((a, b) => milliseconds(a.startTimeUnixNano) - milliseconds(b.startTimeUnixNano))
      .map((span) => `${attributeOf(span, 'gen_ai.tool.name')} ${attributeOf(span, 'gen_ai.tool.call.arguments')}`);
  const exceptionsOf = (span: OtlpSpan) => (span.events ?? []).filter((event) => event.name === 'exception');
  const byId = new Map(spans.map((span) => [span.spanId, span]));

  it('has some four hundred spans of seven services', () => {
    expect(spans).toHaveLength(402);
    expect(new Set(spans.map((span) => span.service)).size).toBe(7);
  });

  it('hands over to three sub-agents at the same time', () => {
    const delegations = spans.filter((span) => span.name.startsWith('execute_tool delegate_to_'));
    const together = delegations.filter((span) => span.startTimeUnixNano === delegations[0]?.startTimeUnixNano);
    expect(new Set(together.map((span) => span.name)).size).toBe(3);
  });

  it('runs tools in parallel', () => {
    const quotes = named('execute_tool get_quote');
    expect(quotes).toHaveLength(6);
    expect(new Set(quotes.map((span) => span.startTimeUnixNano)).size).toBe(1);
  });

  it('asks the same tool with the same arguments seventeen times in a row', () => {
    const calls = toolCalls('research-agent').filter((call) => call.startsWith('web_search '));
    expect(calls).toHaveLength(17);
    expect(new Set(calls).size).toBe(1);
    expect(toolCalls('research-agent').slice(-17)).toEqual(calls);
  });

  it('goes back and forth between two tools', () => {
    const calls = toolCalls('inventory-agent').slice(0, 12);
    const [a, b] = calls;
    expect(a).not.toBe(b);
    expect(calls).toEqual(Array.from({ length: 6 }, () => [a, b]).flat());
  });

  it('sends a prompt of 60 kB', () => {
    const prompts = named('chat gpt-4.1').map((span) => String(attributeOf(span, 'gen_ai.input.messages')).length);
    expect(Math.max(...prompts)).toBeGreaterThan(60_000);
  });

  it('tries again with growing pauses and then succeeds', () => {
    const fetch = spans.find((span) => span.name === 'execute_tool fetch_page' && exceptionsOf(span).length > 0)!;
    const statuses = spans
      .filter((span) => span.parentSpanId === fetch.spanId)
      .sort((a, b) => milliseconds(a.startTimeUnixNano) - milliseconds(b.startTimeUnixNano))
      .map((span) => attributeOf(span, 'http.response.status_code'));
    expect(statuses).toEqual(['429', '429', '429', '200']);
    expect(fetch.status.code).toBeUndefined();
    const pauses = fetch
      .events!.filter((event) => event.name === 'retry')
      .map((event) => attributeOf(event, 'backoff.ms'));
    expect(pauses).toEqual(['1000', '2000', '4000']);
  });

  it('recovers from one error: the failed script, with a stack of sixty lines, stands under spans that did not fail', () => {
    const [failed] = named('execute_tool run_python').filter((span) => span.status.code === 2);
    const stack = String(attributeOf(exceptionsOf(failed!)[0]!, 'exception.stacktrace'));
    expect(stack.split('\n')).toHaveLength(60);
    for (
      let span = byId.get(failed!.parentSpanId!);
      span?.service === 'inventory-agent';
      span = byId.get(span.parentSpanId!)
    ) {
      expect(span.status.code).toBeUndefined();
    }
  });

  it('ends with an error that nobody catches, from the tool up to the root', () => {
    const path: string[] = [];
    let span: ServiceSpan | undefined = named('execute_tool confirm_booking')[0];
    for (; span !== undefined; span = byId.get(span.parentSpanId ?? '')) {
      expect(span.status.code).toBe(2);
      expect(span.status.message).toContain('expired');
      path.push(span.name);
    }
    expect(path.at(-1)).toBe('invoke_workflow museum_move');
    expect(path).toHaveLength(6);
  });

  it('has odd names', () => {
    const names = spans.map((span) => span.name);
    expect(names).toContain('');
    expect(names).toContain('<script>alert(1)</script>');
    expect(names).toContain('__proto__');
    expect(names.some((name) => name.length === 400)).toBe(true);
    expect(names.some((name) => name.includes('\n'))).toBe(true);
    expect(names.some((name) => /\p{Script=Hebrew}/u.test(name))).toBe(true);
    expect(names.some((name) => /\p{Script=Arabic}/u.test(name))).toBe(true);
    expect(names.some((name) => /\p{Extended_Pictographic}/u.test(name))).toBe(true);
  });

  it('has hostile keys, JSON within strings and a picture among its attributes', () => {
    const attributes = spans.flatMap((span) => span.attributes);
    const keys = new Set(attributes.map(({ key }) => key));
    for (const key of ['__proto__', 'constructor', 'toString', '']) expect(keys).toContain(key);
    const texts = attributes.map(({ value }) => String(Object.values(value)[0]));
    expect(texts.some((text) => text.startsWith('data:image/png;base64,'))).toBe(true);
    const object = spans.find((span) => attributeOf(span, 'object.record') !== undefined)!;
    const raw = JSON.parse(String(attributeOf(object, 'object.record'))).raw;
    expect(JSON.parse(raw)).toEqual({ mass: '1200 g', year: null });
  });

  it('has one orphan, one id used twice, one open span, and spans of no duration', () => {
    const orphans = spans.filter((span) => span.parentSpanId !== undefined && !byId.has(span.parentSpanId));
    expect(orphans.map((span) => span.name)).toEqual(['POST /quotes']);
    expect(repeated(spans.map((span) => span.spanId))).toHaveLength(1);
    expect(spans.filter((span) => span.endTimeUnixNano === undefined).map((span) => span.name)).toEqual([
      'watch_mailbox bookings@museum.example',
    ]);
    expect(spans.filter((span) => span.startTimeUnixNano === span.endTimeUnixNano).length).toBeGreaterThan(20);
  });

  it('has a service whose clock is 1.8 s behind', () => {
    for (const exec of named('POST /exec')) {
      const early =
        milliseconds(byId.get(exec.parentSpanId!)!.startTimeUnixNano) - milliseconds(exec.startTimeUnixNano);
      expect(exec.service).toBe('sandbox');
      expect(early).toBeGreaterThan(1780);
      expect(early).toBeLessThan(1800);
    }
  });

  it('waits more than forty minutes for a person while nothing happens', () => {
    const asked = milliseconds(named('execute_tool ask_human')[0]!.endTimeUnixNano!);
    const resumed = milliseconds(named('resume')[0]!.startTimeUnixNano);
    expect(resumed - asked).toBeGreaterThan(40 * 60_000);
    const within = spans.filter(
      ({ startTimeUnixNano: start }) => milliseconds(start) > asked && milliseconds(start) < resumed,
    );
    expect(within).toEqual([]);
  });

  it('counts tokens and cost on every LLM call', () => {
    const chats = spans.filter((span) => attributeOf(span, 'gen_ai.operation.name') === 'chat');
    expect(chats.length).toBeGreaterThan(50);
    for (const span of chats) {
      expect(Number(attributeOf(span, 'gen_ai.usage.input_tokens'))).toBeGreaterThan(0);
      expect(Number(attributeOf(span, 'gen_ai.usage.output_tokens'))).toBeGreaterThan(0);
      expect(Number(attributeOf(span, 'gen_ai.usage.cost'))).toBeGreaterThan(0);
    }
  });
});

describe('large samples', () => {
  const shapes: LargeShape[] = ['agent', 'services', 'wide', 'deep'];
  const formats: LargeFormat[] = ['json', 'jaeger', 'otlp'];

  it.each(shapes)(
    'of shape %s have exactly as many spans as asked, in one tree, children within their parent',
    (shape) => {
      for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 40, 333, 4099]) {
        const { spans } = large({ spans: count, shape, format: 'json', seed: count });
        const byId = new Map(spans.map((span) => [span.span_id, span]));
        expect(spans).toHaveLength(count);
        expect(byId.size).toBe(count);
        expect(spans.filter((span) => span.parent_span_id === null)).toEqual([spans[0]]);
        const misplaced = spans.slice(1).filter((span) => {
          const parent = byId.get(span.parent_span_id ?? '');
          return parent === undefined || span.start_time < parent.start_time || span.end_time! > parent.end_time!;
        });
        expect(misplaced).toEqual([]);
      }
    },
  );

  it('are flat or deep as their shape says', () => {
    const wide = large({ spans: 500, shape: 'wide', format: 'json' }).spans;
    expect(new Set(wide.slice(1).map((span) => span.parent_span_id))).toEqual(new Set([wide[0]?.span_id]));
    const deep = large({ spans: 500, shape: 'deep', format: 'json' }).spans;
    expect(deep.slice(1).map((span) => span.parent_span_id)).toEqual(deep.slice(0, -1).map((span) => span.span_id));
  });

  it('have an error in a child wherever an inner span of an agent or a service is an error', () => {
    for (const shape of ['agent', 'services'] as const) {
      const { spans } = large({ spans: 8000, shape, format: 'json' });
      const failed = spans.filter((span) => span.status === 'error');
      const parents = new Set(spans.map((span) => span.parent_span_id));
      const parentsOfFailed = new Set(failed.map((span) => span.parent_span_id));
      expect(failed.length).toBeGreaterThan(3);
      expect(failed.filter((span) => parents.has(span.span_id) && !parentsOfFailed.has(span.span_id))).toEqual([]);
    }
  });

  it.each(formats)('are the same as text in the format %s, however many batches it takes', (format) => {
    for (const spans of [1, 512, 513, 1500]) {
      const chunks = [...largeText({ spans, format, shape: 'services' })];
      expect(chunks.join('')).toBe(JSON.stringify(large({ spans, format, shape: 'services' })));
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(500_000);
    }
  });

  it('differ with their seed', () => {
    expect(large({ spans: 20, seed: 1 })).not.toEqual(large({ spans: 20, seed: 2 }));
  });

  it('refuse a count that is none', () => {
    expect(() => large({ spans: 0 })).toThrow(RangeError);
    expect(() => [...largeText({ spans: 2.5 })]).toThrow(RangeError);
  });
});

describe('edge cases', () => {
  it('that are dirty have each kind of dirt', () => {
    const { spans } = dirty();
    const find = (id: string) => spans.find((span) => span.span_id === id)!;
    expect(spans.filter((span) => span.parent_span_id === null)).toHaveLength(2);
    expect(spans.some((span) => span.parent_span_id === 'nobody')).toBe(true);
    expect(find('self').parent_span_id).toBe('self');
    expect([find('cycle-a').parent_span_id, find('cycle-b').parent_span_id]).toEqual(['cycle-b', 'cycle-a']);
    expect(repeated(plainIds(dirty()))).toEqual(['twin']);
    expect(find('negative').end_time! < find('negative').start_time).toBe(true);
    expect(find('open').end_time).toBeNull();
    expect(find('zero').end_time).toBe(find('zero').start_time);
    expect(find('outlives').end_time! > find('early').end_time!).toBe(true);
    expect(find('before').start_time < find('early').start_time).toBe(true);
    expect(find('outside').start_time > find('early').end_time!).toBe(true);
    expect(Date.parse(`${find('epoch').start_time}Z`)).toBe(0);
    expect(spans.findIndex((span) => span.span_id === 'root')).toBeGreaterThan(0);
  });

  it('without a root, without spans, and with one span are just that', () => {
    const ids = new Set(plainIds(noRoot()));
    expect(noRoot().spans.some((span) => span.parent_span_id === null)).toBe(false);
    expect(noRoot().spans.some((span) => ids.has(span.parent_span_id!))).toBe(true);
    expect(empty().spans).toEqual([]);
    expect(singleSpan().spans).toHaveLength(1);
  });

  it('are 5,000 levels deep, three megabytes long, sixty services wide', () => {
    const chain = deepChain().data[0]!.spans;
    expect(chain).toHaveLength(5000);
    expect(chain.slice(1).map((span) => span.references[0]?.spanID)).toEqual(
      chain.slice(0, -1).map((span) => span.spanID),
    );
    const lengths = hugeAttribute().spans.map(
      (span) => String(span.attributes['gen_ai.tool.call.result'] ?? '').length,
    );
    expect(Math.max(...lengths)).toBe(3_000_000);
    const processes = Object.values(manyServices().data[0]!.processes).map((process) => process.serviceName);
    expect(new Set(processes).size).toBe(60);
  });

  it('with three traces have the same span ids in two of them', () => {
    const file: JaegerFile = threeTraces();
    const ids = file.data.map((trace) => trace.spans.map((span) => span.spanID));
    expect(new Set(file.data.map((trace) => trace.traceID)).size).toBe(3);
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[2]!.filter((id) => ids[0]!.includes(id))).toEqual([]);
    expect(ids.map((list) => list.length)).toEqual([5, 5, 14]);
  });

  it('that cannot be read are no trace', () => {
    expect(() => JSON.parse(truncatedJson())).toThrow(SyntaxError);
    expect(truncatedJson()).toContain('"trace_id"');
    expect(htmlErrorPage()).toMatch(/^<!DOCTYPE html>/);
    expect(JSON.parse(emptyObjectText())).toEqual({});
    expect(emptyText()).toBe('');
  });
});
