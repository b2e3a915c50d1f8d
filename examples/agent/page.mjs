import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import 'spanscope/element';
import { createAgentTracer, createTraceRecorder } from 'spanscope/tracer';
import { runAgent } from './executor.mjs';

const recorder = createTraceRecorder();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [recorder] });
const agent = createAgentTracer({ tracerProvider, content: true });

const button = /** @type {HTMLButtonElement} */ (document.querySelector('button'));
const steps = /** @type {HTMLOListElement} */ (document.querySelector('ol'));
const viewer = /** @type {HTMLElementTagNameMap['span-scope']} */ (document.querySelector('span-scope'));
viewer.trace = recorder;

let seed = 7;
button.addEventListener('click', async () => {
  button.disabled = true;
  steps.replaceChildren();
  viewer.hidden = false;
  const onStep = (/** @type {string} */ step) => {
    const item = document.createElement('li');
    item.textContent = step;
    steps.append(item);
    item.scrollIntoView({ block: 'nearest' });
  };
  await runAgent(agent, { seed: seed++, onStep });
  button.disabled = false;
});
