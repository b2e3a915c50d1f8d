import { BASE_TIME_UNIX_NANO, Recording } from './draft.ts';
import {
  type JaegerFile,
  type PlainSpan,
  type PlainTrace,
  toJaegerShape,
  toJaegerTrace,
  toPlainShape,
} from './exportShapes.ts';
import { large } from './large.ts';
import { createRandom } from './random.ts';

const TRACE_ID = '0d15ea5e-0000-4000-8000-00000000d147';

/** A plain span by its times in milliseconds after the base time; times have no zone, as Python writes them. */
function plainSpan(
  id: string,
  parent: string | null,
  name: string,
  [start, end]: readonly [number, number | null],
  more: Partial<PlainSpan> = {},
): PlainSpan {
  return {
    span_id: id,
    parent_span_id: parent,
    name,
    start_time: naiveTime(start),
    end_time: end === null ? null : naiveTime(end),
    duration_ms: end === null ? null : end - start,
    status: 'ok',
    attributes: { 'service.name': 'dirty-service' },
    events: [],
    ...more,
  };
}

function naiveTime(milliseconds: number): string {
  return new Date(Number(BASE_TIME_UNIX_NANO / 1_000_000n) + milliseconds).toISOString().replace('Z', '000');
}

/** Every kind of dirt in one small trace; each span is named after what is wrong with it. */
export function dirty(): PlainTrace {
  return {
    trace_id: TRACE_ID,
    spans: [
      // Its parent comes later in the file, and its later sibling comes first.
      plainSpan('late', 'root', 'out of order: after its sibling', [700, 800]),
      plainSpan('early', 'root', 'out of order: before its parent', [100, 300]),
      plainSpan('root', null, 'root', [0, 1000], { status: 'unset' }),
      plainSpan('root-2', null, 'second root', [200, 900]),
      plainSpan('orphan', 'nobody', 'orphan', [250, 400]),
      plainSpan('orphan-child', 'orphan', 'child of the orphan', [260, 390]),
      plainSpan('self', 'self', 'its own parent', [300, 350]),
      plainSpan('cycle-a', 'cycle-b', 'cycle a', [400, 450]),
      plainSpan('cycle-b', 'cycle-a', 'cycle b', [410, 440]),
      plainSpan('twin', 'root', 'duplicate id, first', [450, 500]),
      plainSpan('twin', 'root', 'duplicate id, second', [500, 560], { status: 'error' }),
      plainSpan('twin-child', 'twin', 'child of a duplicate id', [510, 520]),
      plainSpan('negative', 'root', 'end before start', [600, 540]),
      plainSpan('open', 'root', 'open', [650, null], { status: 'unset' }),
      plainSpan('zero', 'root', 'zero duration', [660, 660]),
      plainSpan('outlives', 'early', 'ends after its parent', [250, 480]),
      plainSpan('before', 'early', 'starts before its parent', [40, 120]),
      plainSpan('outside', 'early', 'wholly outside its parent', [820, 860]),
      plainSpan('epoch', 'root', 'start of 0', [0, 0], {
        start_time: '1970-01-01T00:00:00',
        end_time: '1970-01-01T00:00:00.010000',
        duration_ms: 10,
      }),
      plainSpan('disagrees', 'root', 'duration_ms disagrees with its times', [860, 880], { duration_ms: 500 }),
      plainSpan('nameless', 'root', '', [900, 910]),
    ],
  };
}

/** Spans, but none without a parent: the one parent that they name is not in the file. */
export function noRoot(): PlainTrace {
  return {
    trace_id: '0d15ea5e-0000-4000-8000-00000000a007',
    spans: [
      plainSpan('fetch', 'not-exported', 'fetch timetable', [0, 180]),
      plainSpan('parse', 'fetch', 'parse timetable', [120, 175]),
      plainSpan('store', 'not-exported', 'store timetable', [185, 230]),
    ],
  };
}

/** A trace without spans. */
export function empty(): PlainTrace {
  return { trace_id: '0d15ea5e-0000-4000-8000-000000000000', spans: [] };
}

export function singleSpan(): PlainTrace {
  return {
    trace_id: '0d15ea5e-0000-4000-8000-000000000001',
    spans: [
      plainSpan('only', null, 'health check', [0, 4], {
        attributes: { 'service.name': 'gateway', 'http.response.status_code': 204 },
      }),
    ],
  };
}

/** Each span is the only child of the one before. @param depth how many spans */
export function deepChain(depth = 5000): JaegerFile {
  return large({ spans: depth, shape: 'deep', format: 'jaeger', seed: 5 });
}

/** A tool that returned a whole log file: one string attribute of 3 MB. @param characters how long it is */
export function hugeAttribute(characters = 3_000_000): PlainTrace {
  const random = createRandom(3);
  const recording = new Recording({ random, traceId: random.uuid(), service: 'ops-agent', tick: 1000, status: 'ok' });
  recording.span(
    'agent_run',
    { attributes: { task_preview: 'Why did last night’s import stop?', model: 'gpt-4.1' } },
    () => {
      recording.leaf('llm_call', 810, {
        attributes: { 'llm.model': 'gpt-4.1', 'llm.prompt_tokens': 611, 'llm.completion_tokens': 48 },
      });
      const attributes = { 'tool.name': 'read_log', 'gen_ai.tool.call.result': logText(characters) };
      recording.leaf('tool:read_log', 240, { attributes });
    },
  );
  return toPlainShape('0d15ea5e-0000-4000-8000-000000300000', recording.spans);
}

function logText(characters: number): string {
  const lines: string[] = [];
  let length = 0;
  for (let number = 0; length < characters; number++) {
    const line = `2026-11-23T02:${String(Math.floor(number / 60) % 60).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}Z INFO  import row=${number} table=stock state=${number % 977 === 0 ? 'retried' : 'written'}\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('').slice(0, characters);
}

/** One file with three traces of different size; the first two have the same span ids. */
export function threeTraces(): JaegerFile {
  const trace = (seed: number, idSeed: number, orders: number) => {
    const random = createRandom(seed);
    const ids = createRandom(idSeed);
    const traceId = random.hex(32);
    const makeSpanId = () => ids.hex(16);
    const recording = new Recording({ random, traceId, service: 'orders-api', tick: 1000, makeSpanId });
    recording.wait(seed * 20);
    recording.span('GET /orders', { kind: 'server', attributes: { 'http.response.status_code': 200 } }, () => {
      recording.leaf('check session', random.vary(3), { service: 'auth-service', kind: 'client' });
      for (let index = 0; index < orders; index++) {
        recording.leaf('SELECT order', random.vary(5), {
          kind: 'client',
          attributes: { 'db.system': 'postgresql', 'order.index': index },
        });
      }
    });
    return toJaegerTrace(traceId, recording.spans);
  };
  return toJaegerShape([trace(1, 99, 3), trace(2, 99, 3), trace(3, 100, 12)]);
}

/** A request that goes around through so many services, each calling the next and its own database. @param count how many services */
export function manyServices(count = 60): JaegerFile {
  const random = createRandom(60);
  const traceId = random.hex(32);
  const recording = new Recording({ random, traceId, service: 'front-door', tick: 1000 });
  recording.span('GET /catalogue', { kind: 'server', attributes: { 'http.route': '/catalogue' } }, () => {
    for (let first = 1; first < count; first += ROUND) {
      const services = Array.from({ length: Math.min(ROUND, count - first) }, (_, index) => serviceName(first + index));
      recording.parallel(
        services.map((service) => () => {
          recording.wait(random.vary(1));
          recording.span(
            `GET /${service}`,
            { service, kind: 'server', attributes: { 'http.response.status_code': 200 } },
            () => {
              recording.leaf('SELECT', random.vary(6), { kind: 'client', attributes: { 'db.system': 'postgresql' } });
            },
          );
        }),
      );
    }
  });
  return toJaegerShape([toJaegerTrace(traceId, recording.spans)]);
}

const ROUND = 8;
const PARTS = [
  'price',
  'stock',
  'image',
  'review',
  'tax',
  'label',
  'search',
  'offer',
  'locale',
  'rating',
  'bundle',
  'gift',
] as const;
const ROLES = ['service', 'cache', 'worker', 'adapter', 'store'] as const;

function serviceName(index: number): string {
  const part = PARTS[index % PARTS.length] ?? 'part';
  const role = ROLES[Math.floor(index / PARTS.length) % ROLES.length] ?? 'service';
  const round = Math.floor(index / (PARTS.length * ROLES.length));
  return round === 0 ? `${part}-${role}` : `${part}-${role}-${round + 1}`;
}
