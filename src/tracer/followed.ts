import { followedStream, followNodeStream, isNodeStream } from './followedStream.ts';

/** How something that goes on after its function returned is watched. Of `done` and `failed` one is called, once. */
export interface Watch {
  /** Runs each step of a generator: its body runs there, not where it was called. */
  run<R>(step: () => R): R;
  done(): void;
  failed(error: unknown): void;
}

/**
 * What a function gave, followed to its end: a promise until it settles, a generator, async iterable or stream until it is
 * through, left early, or throws; anything else is done. Comes back as the same kind of thing.
 */
export function followed<T>(result: T, watch: Watch): T {
  if (isThenable(result)) return followedPromise(result, watch) as T;
  return followedValue(result, watch);
}

async function followedPromise(promise: PromiseLike<unknown>, watch: Watch): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    watch.failed(error);
    throw error;
  }
  return followedValue(value, watch);
}

function followedValue<T>(value: T, watch: Watch): T {
  if (typeof value !== 'object' || value === null) {
    watch.done();
    return value;
  }
  // Streams have readers, pipes and private state beside their iteration: they could end unseen.
  if ('getReader' in value) {
    const end = once(watch);
    const stream = followedStream(value, watch, end);
    if (!stream) end.done();
    return (stream ?? value) as T;
  }
  if (isNodeStream(value)) {
    followNodeStream(value, once(watch));
    return value;
  }
  if (Symbol.asyncIterator in value) return followedIterable(value, watch, once(watch));
  if (Symbol.iterator in value && typeof (value as { next?: unknown }).next === 'function') {
    return followedIterable(value, watch, once(watch));
  }
  watch.done();
  return value;
}

type Step = IteratorResult<unknown>;
const stepNames: ReadonlySet<PropertyKey> = new Set(['next', 'return', 'throw']);

/**
 * The object itself behind a proxy, so that what else it has (a stream's `controller`, its `abort`) stays; only iteration
 * is watched. Methods run on the object itself, as private fields want it.
 */
function followedIterable<T extends object>(source: T, watch: Watch, end: End): T {
  return new Proxy(source, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (stepNames.has(key)) return (...args: unknown[]) => step(target, key as StepName, args, watch, end);
      if (key !== Symbol.asyncIterator && key !== Symbol.iterator) return value.bind(target);
      return () => {
        const iterator = watch.run(() => value.call(target) as object);
        return followedIterable(iterator, watch, end);
      };
    },
  });
}

type StepName = 'next' | 'return' | 'throw';

function step(target: object, name: StepName, args: unknown[], watch: Watch, end: End): unknown {
  const finish = (result: Step): Step => {
    if (result.done || name === 'return') end.done();
    return result;
  };
  const fail = (error: unknown): never => {
    end.failed(error);
    throw error;
  };
  try {
    const method = (target as Record<StepName, (...args: unknown[]) => unknown>)[name];
    const result = watch.run(() => method.apply(target, args));
    return isThenable(result) ? (result as PromiseLike<Step>).then(finish, fail) : finish(result as Step);
  } catch (error) {
    return fail(error);
  }
}

export type End = Pick<Watch, 'done' | 'failed'>;

/** An iterable may be asked again after its end, and iterated twice. */
function once(watch: Watch): End {
  let isOver = false;
  const first = (tell: () => void) => {
    if (isOver) return;
    isOver = true;
    tell();
  };
  return { done: () => first(() => watch.done()), failed: (error) => first(() => watch.failed(error)) };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
