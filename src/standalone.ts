// The entry `spanscope/standalone`, one script with React inside: registers <span-scope>, and leaves what needs no React as
// the global `spanscope`.
import * as core from './core.ts';
import { defineSpanScope, SpanScopeElement } from './element.ts';

const api = { ...core, defineSpanScope, SpanScopeElement };

declare global {
  /** What `spanscope/core` exports, and the element. */
  var spanscope: typeof api;
}

globalThis.spanscope = api;
