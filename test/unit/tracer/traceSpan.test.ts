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
  const readable = traceSpan('readable', { tracer }, () => new ReadableStream());
  expect(readable).toBeInstanceOf(ReadableStream);
  expect(drawn()).toEqual(['call ok', 'readable ok']);
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
