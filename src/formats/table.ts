import { chromeFormat } from './chrome.ts';
import type { TraceFormat } from './format.ts';
import { jaegerFormat } from './jaeger.ts';
import { jsonFormat } from './json.ts';
import { langfuseFormat } from './langfuse.ts';
import { langsmithFormat } from './langsmith.ts';
import { mlflowFormat } from './mlflow.ts';
import { openaiAgentsFormat } from './openaiAgents.ts';
import { opikFormat } from './opik.ts';
import { otelConsoleFormat } from './otelConsole.ts';
import { otlpFormat } from './otlp.ts';
import { phoenixFormat } from './phoenix.ts';
import { zipkinFormat } from './zipkin.ts';

/** All formats in the order in which they are looked for: those whose shape no other has come first. */
export const formats: readonly TraceFormat[] = [
  otlpFormat,
  chromeFormat,
  mlflowFormat,
  openaiAgentsFormat,
  opikFormat,
  langfuseFormat,
  langsmithFormat,
  jaegerFormat,
  zipkinFormat,
  phoenixFormat,
  otelConsoleFormat,
  jsonFormat,
];
