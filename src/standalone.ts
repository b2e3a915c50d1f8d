// The entry `spanscope/standalone`, one script with React inside: registers <span-scope>, and leaves what needs no React as
// the global `spanscope`, and with it the recorder, which takes what other programs send.
import * as core from './core.ts';
import { defineSpanScope, SpanScopeElement } from './element.ts';
import { createTraceRecorder } from './tracer/traceRecorder.ts';

const api = { ...core, defineSpanScope, SpanScopeElement, createTraceRecorder };

declare global {
  /** What `spanscope/core` exports, the element, and the recorder of `spanscope/tracer`. */
  var spanscope: typeof api;
}

globalThis.spanscope = api;
