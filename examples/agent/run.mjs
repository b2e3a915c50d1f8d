// The agent in Node, its trace written to a file:
//
//   npm run build && node examples/agent/run.mjs agent.json && npx spanscope agent.json

import { writeFileSync } from 'node:fs';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { toJson } from 'spanscope/core';
import { createAgentTracer, createTraceRecorder } from 'spanscope/tracer';
import { runAgent } from './executor.mjs';

const file = process.argv[2] ?? 'agent.json';
const recorder = createTraceRecorder();
recorder.addExporter({ export: (trace) => writeFileSync(file, JSON.stringify(toJson(trace), undefined, 2)) });
const tracerProvider = new BasicTracerProvider({ spanProcessors: [recorder] });

await runAgent(createAgentTracer({ tracerProvider, content: true }), { onStep: (step) => console.log(step) });
await recorder.flush();
console.log(`Wrote ${file}.`);
