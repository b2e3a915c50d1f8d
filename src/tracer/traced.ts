import { type TraceSpanOptions, traceSpan } from './spanScope.ts';

/** As of `traceSpan`; with a `name`, else the function's own is taken. */
export interface TracedOptions extends TraceSpanOptions {
  name?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: any function may be traced, and keeps its own type.
type AnyFunction = (this: any, ...args: any[]) => any;

/** A decorator of a method, as TC39 has them (TypeScript without `experimentalDecorators`). */
export type TracedMethod = <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext) => F;

/**
 * The same function, each call of it in a span; see `traceSpan` for when that ends. Without a function a decorator for
 * methods: `@traced()`, `@traced('search')`, which names the span `Class.method` unless told.
 */
export function traced<F extends AnyFunction>(nameOrOptions: string | TracedOptions, fn: F): F;
export function traced(nameOrOptions?: string | TracedOptions): TracedMethod;
export function traced(nameOrOptions: string | TracedOptions = {}, fn?: AnyFunction): AnyFunction | TracedMethod {
  const { name, ...options }: TracedOptions =
    typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions;
  if (fn) return tracedFunction(fn, options, () => name ?? (fn.name || 'anonymous'));
  return <M extends AnyFunction>(method: M, { name: label, static: isStatic }: ClassMethodDecoratorContext): M =>
    tracedFunction(method, options, (self) => name ?? methodLabel(self, label, isStatic)) as M;
}

function tracedFunction(fn: AnyFunction, options: TraceSpanOptions, nameOf: (self: unknown) => string): AnyFunction {
  const around: AnyFunction = function (this: unknown, ...args: unknown[]) {
    return traceSpan(nameOf(this), options, () => fn.apply(this, args));
  };
  // Frameworks read both, as to tell what a tool is called and how many arguments it takes.
  Object.defineProperty(around, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(around, 'length', { value: fn.length, configurable: true });
  return around;
}

function methodLabel(self: unknown, name: string | symbol, isStatic: boolean): string {
  const holder = (isStatic ? self : (self as object | undefined)?.constructor) as { name?: string } | undefined;
  return holder?.name ? `${holder.name}.${String(name)}` : String(name);
}
