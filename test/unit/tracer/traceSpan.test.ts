import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import ts from 'typescript';
import { afterEach, expect, it } from 'vitest';
import { traced, traceSpan } from '../../../src/tracer.ts';
import { recordingTracer } from './recordedSpans.ts';

afterEach(() => context.disable());

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

it('gives what the function gives, and ends with it: at once, or when the promise settles', async () => {
  const { tracer, drawn } = recordingTracer();
  expect(traceSpan('sync', { tracer }, () => 1)).toBe(1);
  expect(traceSpan('list', { tracer }, () => [1, 2])).toEqual([1, 2]);
  const promise = traceSpan('async', { tracer }, async () => {
    await pause();
    return 2;
  });
  expect(drawn()).toEqual(['sync ok', 'list ok', 'async open']);
  expect(await promise).toBe(2);
  expect(drawn()).toEqual(['sync ok', 'list ok', 'async ok']);
});

it('throws on what is thrown, with status, type, message and stack on the span', async () => {
  const { recorder, tracer, drawn } = recordingTracer();
  const error = new TypeError('no such thing');
  const fail = () => {
    throw error;
  };
  expect(() => traceSpan('sync', { tracer }, fail)).toThrow(error);
  await expect(traceSpan('async', { tracer }, async () => fail())).rejects.toBe(error);
  expect(() =>
    traceSpan('text', { tracer }, () => {
      throw 'just text';
    }),
  ).toThrow('just text');
  expect(drawn()).toEqual(['sync error', 'async error', 'text error']);
  const span = recorder.traces[1]!.spanAt(0);
  expect([span.statusMessage, span.attributes['error.type'], span.events[0]!.name]).toEqual([
    'no such thing',
    'TypeError',
    'exception',
  ]);
  expect(span.events[0]!.attributes).toEqual({
    'exception.type': 'TypeError',
    'exception.message': 'no such thing',
    'exception.stacktrace': error.stack,
  });
  expect(recorder.traces[2]!.spanAt(0).events[0]!.attributes).toMatchObject({ 'exception.message': 'just text' });
});

it('nests parallel branches by their scopes where there is no async context', async () => {
  const { tracer, drawn } = recordingTracer();
  await traceSpan('run', { tracer }, async (run) => {
    await Promise.all(
      ['a', 'b'].map((name) =>
        run.traceSpan(name, async (branch) => {
          await pause();
          await branch.traceSpan(`${name} step`, pause);
        }),
      ),
    );
    traceSpan('by parent', { tracer, parent: run }, () => {});
  });
  expect(drawn()).toEqual(['run ok', '  a ok', '    a step ok', '  b ok', '    b step ok', '  by parent ok']);
});

it('nests by what is active where the platform follows async calls', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const { tracer, drawn } = recordingTracer();
  const step = traced({ name: 'step', tracer }, async (n: number) => {
    await pause();
    return traceSpan(`inner ${n}`, { tracer }, () => n);
  });
  expect(await traceSpan('run', { tracer }, () => Promise.all([step(1), step(2)]))).toEqual([1, 2]);
  traceSpan('run 2', { tracer }, () => traceSpan('apart', { tracer, root: true }, () => {}));
  expect(drawn()).toEqual([
    'run ok',
    '  step ok',
    '    inner 1 ok',
    '  step ok',
    '    inner 2 ok',
    'run 2 ok',
    'apart ok',
  ]);
});

it('ends the span of a stream when it is through, is left early, or throws', async () => {
  const { tracer, drawn } = recordingTracer();
  const stream = traced({ name: 'stream', tracer }, async function* (fails: boolean) {
    yield 'a';
    await pause();
    if (fails) throw new Error('cut off');
    yield 'b';
    return 3;
  });
  const through = stream(false);
  expect(drawn()).toEqual(['stream open']);
  const parts: string[] = [];
  for await (const part of through) parts.push(part);
  expect(parts).toEqual(['a', 'b']);
  expect(drawn()).toEqual(['stream ok']);
  for await (const _ of stream(false)) break;
  expect(drawn()).toEqual(['stream ok', 'stream ok']);
  await expect(
    (async () => {
      for await (const part of stream(true)) parts.push(part);
    })(),
  ).rejects.toThrow('cut off');
  expect(drawn()).toEqual(['stream ok', 'stream ok', 'stream error']);
});

it('follows sync generators, and what they do is nested below them', () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const { tracer, drawn } = recordingTracer();
  const count = traced({ name: 'count', tracer }, function* () {
    yield traceSpan('one', { tracer }, () => 1);
    yield traceSpan('two', { tracer }, () => 2);
  });
  expect([...count()]).toEqual([1, 2]);
  expect(drawn()).toEqual(['count ok', '  one ok', '  two ok']);
});

it("follows a client's stream that a promise gives, and leaves all else of it as it is", async () => {
  class ClientStream {
    #parts = ['x', 'y'];
    aborted = false;
    abort() {
      this.aborted = true;
      return this.#parts.length;
    }
    async *[Symbol.asyncIterator]() {
      yield* this.#parts;
    }
  }
  const { tracer, drawn } = recordingTracer();
  const stream = await traceSpan('call', { tracer }, async () => new ClientStream());
  expect(stream).toBeInstanceOf(ClientStream);
  expect([stream.abort(), stream.aborted]).toEqual([2, true]);
  expect(drawn()).toEqual(['call open']);
  const parts = [];
  for await (const part of stream) parts.push(part);
  expect([parts, drawn()]).toEqual([['x', 'y'], ['call ok']]);
});

/** A stream of these parts, each when it is asked for; `pulls` counts how often. */
function streamOf(parts: readonly unknown[], type?: 'bytes') {
  const left = [...parts];
  const told = { pulls: 0, cancelled: undefined as unknown };
  const source = {
    type,
    async pull(controller: ReadableStreamController<unknown>) {
      told.pulls++;
      await pause();
      const part = left.shift();
      if (part instanceof Error) controller.error(part);
      else if (part !== undefined) (controller as ReadableStreamDefaultController).enqueue(part);
      else {
        controller.close();
        (controller as ReadableByteStreamController).byobRequest?.respond(0);
      }
    },
    cancel: (reason: unknown) => {
      told.cancelled = reason;
    },
  };
  return { stream: new ReadableStream(source as UnderlyingSource, { highWaterMark: 0 }), told };
}

it('ends the span of a ReadableStream at its end, however it is read', async () => {
  const { tracer, drawn } = recordingTracer();
  const make = (name: string, stream: ReadableStream) => traceSpan(name, { tracer }, async () => stream);
  const looped = await make('loop', streamOf(['a', 'b']).stream);
  expect(looped).toBeInstanceOf(ReadableStream);
  await pause();
  expect(drawn()).toEqual(['loop open']);
  const parts: unknown[] = [];
  for await (const part of looped) parts.push(part);
  expect([parts, drawn()]).toEqual([['a', 'b'], ['loop ok']]);

  const answered = new Response(await make('response', streamOf([new TextEncoder().encode('body')]).stream));
  expect(drawn().at(-1)).toBe('response open');
  expect([await answered.text(), drawn().at(-1)]).toEqual(['body', 'response ok']);

  const piped = await make('pipe', streamOf([new TextEncoder().encode('é')]).stream);
  const reader = piped.pipeThrough(new TextDecoderStream()).getReader();
  expect(await reader.read()).toEqual({ done: false, value: 'é' });
  expect(drawn().at(-1)).toBe('pipe open');
  await reader.read();
  expect(drawn().at(-1)).toBe('pipe ok');

  const [one, other] = (await make('tee', streamOf(['x']).stream)).tee();
  for (const half of [one, other]) for await (const part of half) parts.push(part);
  expect([parts.slice(2), drawn().at(-1)]).toEqual([['x', 'x'], 'tee ok']);
});

it('ends the span of a ReadableStream that breaks as failed, and of one that is cancelled', async () => {
  const { recorder, tracer, drawn } = recordingTracer();
  const broken = traceSpan('broken', { tracer }, () => streamOf(['a', new Error('cut off')]).stream);
  const reader = broken.getReader();
  await reader.read();
  await expect(reader.read()).rejects.toThrow('cut off');
  expect([drawn(), recorder.traces[0]!.spanAt(0).statusMessage]).toEqual([['broken error'], 'cut off']);

  const { stream, told } = streamOf(['a', 'b']);
  await traceSpan('cancelled', { tracer }, () => stream).cancel('enough');
  expect([told.cancelled, drawn().at(-1)]).toEqual(['enough', 'cancelled ok']);

  let fail!: (error: unknown) => void;
  const idle = new ReadableStream({
    start: (controller) => {
      fail = (error) => controller.error(error);
    },
  });
  traceSpan('unread', { tracer }, () => idle);
  fail(new Error('connection lost'));
  await pause();
  expect(drawn().at(-1)).toBe('unread error');
});

it('reads no further ahead in a ReadableStream than whoever reads it', async () => {
  const { tracer } = recordingTracer();
  const { stream, told } = streamOf(['a', 'b', 'c']);
  const reader = traceSpan('slow', { tracer }, () => stream).getReader();
  await reader.read();
  for (let turn = 0; turn < 5; turn++) await pause();
  expect(told.pulls).toBe(1);
});

it('keeps a ReadableStream of bytes one, and fills the buffers of who reads it', async () => {
  const { tracer, drawn } = recordingTracer();
  const { stream } = streamOf([new Uint8Array([1, 2, 3]), new Uint8Array([4])], 'bytes');
  const reader = traceSpan('bytes', { tracer }, () => stream).getReader({ mode: 'byob' });
  const read: number[][] = [];
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(2));
    if (done) break;
    read.push([...value]);
  }
  expect([read, drawn()]).toEqual([[[1, 2], [3], [4]], ['bytes ok']]);
});

it('keeps what a client hung on its ReadableStream, and hands on as they are those that cannot be followed', async () => {
  class OwnStream extends ReadableStream<string> {}
  const { tracer, drawn } = recordingTracer();
  const hung = Object.assign(streamOf(['a']).stream, { requestId: 'r1' });
  Object.defineProperty(hung, Symbol.asyncIterator, { value: () => hung.getReader() });
  const followed = traceSpan('hung', { tracer }, () => hung);
  expect(followed.requestId).toBe('r1');
  const parts = [];
  for await (const part of followed) parts.push(part);
  expect([parts, drawn()]).toEqual([['a'], ['hung ok']]);

  const own = new OwnStream();
  const locked = new ReadableStream();
  locked.getReader();
  expect(traceSpan('own', { tracer }, () => own)).toBe(own);
  expect(traceSpan('locked', { tracer }, () => locked)).toBe(locked);
  expect(drawn()).toEqual(['hung ok', 'own ok', 'locked ok']);
});

it('ends the span of a stream of Node at its end, however it is read', async () => {
  const { tracer, drawn } = recordingTracer();
  const piped = traceSpan('pipe', { tracer }, () => Readable.from(['a', 'b']));
  await pause();
  expect(drawn()).toEqual(['pipe open']);
  const through = new PassThrough();
  await pipeline(piped, through.resume());
  expect(drawn()).toEqual(['pipe ok']);

  const broken = traceSpan('broken', { tracer }, () => new PassThrough());
  broken.on('error', () => {});
  broken.destroy(new Error('cut off'));
  const destroyed = traceSpan('destroyed', { tracer }, () => new PassThrough().destroy());
  const left = traceSpan('left', { tracer }, () => Readable.from(['a', 'b']));
  for await (const _ of left) break;
  expect(destroyed).toBeInstanceOf(PassThrough);
  await pause();
  expect(drawn()).toEqual(['pipe ok', 'broken error', 'destroyed ok', 'left ok']);
});

it('leaves a status that the function set', () => {
  const { recorder, tracer } = recordingTracer();
  traceSpan('soft', { tracer }, ({ span }) => span.setStatus({ code: 2, message: 'half done' }));
  expect(recorder.traces[0]!.spanAt(0)).toMatchObject({ status: 'error', statusMessage: 'half done' });
});

it('keeps a traced function its name, arguments and this', () => {
  const { tracer, drawn } = recordingTracer();
  const counter = {
    n: 1,
    add: traced({ tracer }, function add(this: { n: number }, a: number, b: number) {
      return this.n + a + b;
    }),
  };
  expect([counter.add.name, counter.add.length, counter.add(2, 3)]).toEqual(['add', 2, 6]);
  expect(drawn()).toEqual(['add ok']);
});

it('decorates methods as TC39 has it', () => {
  const { tracer, drawn } = recordingTracer();
  // The bundler of the tests leaves decorators as they stand, which Node does not know yet.
  const source = `
    class Searcher {
      prefix = 'found ';
      @traced({ tracer }) search(query) { return this.prefix + query; }
      @traced({ name: 'named', tracer }) static make() { return new Searcher(); }
    }
    return Searcher;`;
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const Searcher = new Function('traced', 'tracer', outputText)(traced, tracer);
  expect(Searcher.make().search('x')).toBe('found x');
  expect(drawn()).toEqual(['named ok', 'Searcher.search ok']);
});

it('sets baggage on its span and on every span below', () => {
  const { recorder, tracer } = recordingTracer();
  traceSpan('run', { tracer, baggage: { 'session.id': 's1' } }, (run) =>
    run.traceSpan('step', { baggage: { step: '1' } }, (step) => step.traceSpan('deep', () => {})),
  );
  expect(Array.from(recorder.traces[0]!, ({ attributes }) => attributes)).toEqual([
    { 'session.id': 's1' },
    { 'session.id': 's1', step: '1' },
    { 'session.id': 's1', step: '1' },
  ]);
});
