import { describe, expect, it } from 'vitest';
import {
  agentSpan,
  parseTraces,
  type Redact,
  redactTrace,
  type Trace,
  toJaeger,
  toJson,
  toOtlp,
  toTimeline,
} from '../../../src/core.ts';

const secret = 'sk-4711';

function traceWith(span: object, more: object = {}): Trace {
  const base = {
    span_id: 'a',
    name: `ask ${secret}`,
    start_time: '2026-01-01T00:00:00Z',
    end_time: '2026-01-01T00:00:01Z',
  };
  return parseTraces({ trace_id: 't', spans: [{ ...base, ...span }], ...more }).traces[0]!;
}

const everywhere = {
  service_name: `shop ${secret}`,
  status: 'error',
  status_message: `refused ${secret}`,
  attributes: {
    key: secret,
    list: [secret, { deep: [secret] }],
    'gen_ai.input.messages': JSON.stringify([
      { role: 'user', parts: [{ type: 'text', content: `my key is ${secret}` }] },
    ]),
    twice: JSON.stringify({ inner: JSON.stringify({ key: secret }) }),
    broken: `{"key":"${secret}"`,
  },
  events: [{ name: `event ${secret}`, timestamp: '2026-01-01T00:00:00Z', attributes: { key: secret } }],
  links: [{ trace_id: 'x', span_id: 'y', trace_state: `k=${secret}`, attributes: { key: secret } }],
  resource: { key: secret },
  scope: { name: `scope ${secret}`, version: secret, attributes: { key: secret } },
};

const masked: Redact = (_, value) => (typeof value === 'string' ? value.replaceAll(secret, '***') : value);

describe('redactTrace', () => {
  it('shows nothing anywhere of what the callback hides: names, status, events, links, resource, scope, within JSON text', () => {
    const trace = redactTrace(traceWith(everywhere), masked);
    const span = trace.spanAt(0);
    const { name, serviceName, statusMessage, attributes, events, links, resource, scope } = span;
    const seen = {
      name,
      serviceName,
      statusMessage,
      attributes,
      events: events.map(({ name: of, attributes: own }) => [of, own]),
      links,
      resource,
      scope,
      services: trace.serviceNames,
      names: trace.columns.names,
    };
    expect(JSON.stringify(seen)).not.toContain(secret);
    expect(JSON.stringify(seen).match(/\*\*\*/g)!.length).toBe(19);
  });

  it('lets no writer, timeline or meaning see more', () => {
    const trace = redactTrace(traceWith(everywhere), masked);
    for (const written of [toJson(trace), toJaeger(trace), toOtlp(trace), toTimeline(trace)])
      expect(JSON.stringify(written)).not.toContain(secret);
    expect(agentSpan(trace.spanAt(0)).input).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'my key is ***' }] },
    ]);
    let passed = '';
    trace.project((details) => {
      passed += JSON.stringify(details, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
      return 0;
    });
    expect(passed).not.toContain(secret);
  });

  it('asks for whole values and for what lies within them, by path, with the span as the file has it', () => {
    const asked: string[] = [];
    const trace = redactTrace(
      traceWith({ attributes: { a: { b: [1, 'x'] }, text: '{"c":{"d":null}}' } }),
      (key, value, span) => {
        asked.push(`${key} of ${span.spanId}: ${JSON.stringify(value)}`);
        return value;
      },
    );
    asked.length = 0;
    void trace.spanAt(0).attributes;
    expect(asked).toEqual([
      'a of a: {"b":[1,"x"]}',
      'a.b of a: [1,"x"]',
      'a.b.0 of a: 1',
      'a.b.1 of a: "x"',
      'text of a: "{\\"c\\":{\\"d\\":null}}"',
      'text.c of a: {"d":null}',
      'text.c.d of a: null',
    ]);
  });

  it('leaves out what comes back undefined, keeps the places of a list, and looks into nothing that was replaced', () => {
    const trace = redactTrace(
      traceWith({ attributes: { a: 1, b: { c: 1, d: 2 }, l: [1, 2, 3], o: { x: 1 } } }),
      (key) => {
        if (key === 'a' || key === 'b.c' || key === 'l.1') return undefined;
        if (key === 'o') return { y: 1 };
        if (key.startsWith('o.')) throw new Error('never asked');
        return { b: { c: 1, d: 2 }, l: [1, 2, 3] }[key] === undefined
          ? key === 'b.d'
            ? 2
            : key === 'l.0'
              ? 1
              : key === 'l.2'
                ? 3
                : undefined
          : undefined;
      },
    );
    expect(trace.spanAt(0).attributes).toEqual({ o: { y: 1 } });
    const inner = redactTrace(traceWith({ attributes: { b: { c: 1, d: 2 }, l: [1, 2, 3] } }), (key, value) =>
      key === 'b.c' || key === 'l.1' ? undefined : value,
    );
    expect(inner.spanAt(0).attributes).toEqual({ b: { d: 2 }, l: [1, null, 3] });
  });

  it('hides by path what lies within JSON text, and text within that, and writes the text anew', () => {
    const attributes = {
      'gen_ai.input.messages': '[{"role": "user", "parts": [{"type": "text", "content": "private"}]}]',
      twice: JSON.stringify({ inner: '{"key":"private","n":[12345678901234567890]}', kept: 1 }),
      deep: `{"key":${'['.repeat(300)}"private"${']'.repeat(300)}}`,
    };
    const hidden = new Set(['gen_ai.input.messages.0.parts.0.content', 'twice.inner.key']);
    const trace = redactTrace(traceWith({ attributes }), (key, value) => (hidden.has(key) ? '***' : value));
    const seen = trace.spanAt(0).attributes;
    expect(seen['gen_ai.input.messages']).toBe('[{"role":"user","parts":[{"type":"text","content":"***"}]}]');
    expect(JSON.parse(seen.twice as string)).toEqual({
      inner: '{"key":"***","n":["12345678901234567890"]}',
      kept: 1,
    });
    expect(seen.deep).not.toContain('private');
    const without = redactTrace(traceWith({ attributes }), (key, value) => (key.endsWith('.key') ? undefined : value));
    expect(without.spanAt(0).attributes.twice).toBe('{"inner":"{\\"n\\":[\\"12345678901234567890\\"]}","kept":1}');
  });

  it('leaves JSON text as it is written where nothing in it changes', () => {
    const text = '{ "id": 12345678901234567890,\n "x": 1.0 }';
    expect(redactTrace(traceWith({ attributes: { text } }), masked).spanAt(0).attributes.text).toBe(text);
  });

  it('shows nothing where the callback throws', () => {
    const trace = redactTrace(traceWith({ attributes: { a: 1 } }), () => {
      throw new Error('broken');
    });
    expect([trace.spanAt(0).name, trace.spanAt(0).attributes]).toEqual(['', {}]);
  });

  it('keeps times, ids and keys, and the first trace as it was', () => {
    const trace = traceWith(everywhere);
    const hidden = redactTrace(trace, () => undefined);
    const { spanId, key, start, duration, status } = trace.spanAt(0);
    expect({ spanId, key, start, duration, status }).toEqual(
      (({ spanId, key, start, duration, status }) => ({ spanId, key, start, duration, status }))(hidden.spanAt(0)),
    );
    expect(trace.spanAt(0).name).toContain(secret);
  });

  it('is led neither into depth nor into prototypes', () => {
    let deep: unknown = secret;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const deepText = `${'['.repeat(20_000)}"${secret}"${']'.repeat(20_000)}`;
    const attributes = JSON.parse(`{"__proto__":{"polluted":"${secret}"},"constructor":"${secret}"}`) as object;
    const trace = redactTrace(
      traceWith({ attributes: { ...attributes, ['__proto__']: { polluted: secret }, deep, deepText } }),
      masked,
    );
    const seen = trace.spanAt(0).attributes;
    expect(seen.constructor).toBe('***');
    expect(Object.getOwnPropertyDescriptor(seen, '__proto__')?.value).toEqual({ polluted: '***' });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(seen.deepText).not.toContain(secret);
    let inner: unknown = seen.deep;
    let levels = 0;
    for (; Array.isArray(inner); levels++) inner = inner[0];
    expect([inner, levels]).toEqual([null, 201]);
  });
});
