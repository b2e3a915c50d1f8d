// The public list of `spanscope/element`, which registers <span-scope>. Explicit names and nothing else.
export { defineSpanScope, SpanScopeElement, type SpanScopeEvents } from './element/register.ts';
