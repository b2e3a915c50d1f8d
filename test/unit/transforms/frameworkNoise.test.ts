import { expect, it } from 'vitest';
import { hasBit } from '../../../src/model/spanBits.ts';
import { frameworkNoise } from '../../../src/transforms/frameworkNoise.ts';
import { type DetailedSpan, detailedTrace } from '../../detailedTrace.ts';

function noiseOf(spans: readonly (Partial<DetailedSpan> & { name: string })[]): string[] {
  const root = { id: 'root', name: 'RunnableSequence' };
  const trace = detailedTrace([root, ...spans.map((span, at) => ({ id: `s${at}`, parent: 'root', ...span }))]);
  const { spans: bits, count } = frameworkNoise(trace);
  const names = [...trace].filter(({ index }) => hasBit(bits, index)).map(({ name }) => name);
  expect(names).toHaveLength(count);
  return names;
}

it('knows the plumbing of LangGraph, AutoGen, ADK and ASGI by whole names', () => {
  const plumbing = ['RunnableLambda', 'ChannelWrite<agent,branch>', '__start__', 'RunnableSequence.workflow'];
  expect(noiseOf(plumbing.map((name) => ({ name })))).toEqual(plumbing);
  expect(noiseOf([{ name: 'autogen process agent' }])).toHaveLength(1);
  const scope = (name: string) => ({ details: { scope: { name } } });
  expect(noiseOf([{ name: 'send_data', ...scope('gcp.vertex.agent') }, { name: 'send_data' }])).toHaveLength(1);
  expect(
    noiseOf([{ name: 'GET / http send', ...scope('opentelemetry.instrumentation.asgi') }, { name: 'my http send' }]),
  ).toHaveLength(1);
});

it('never calls noise what failed, what an agent did, a root, or a step that somebody named', () => {
  expect(
    noiseOf([
      { name: 'RunnableLambda', status: 'error' },
      { name: 'RunnableSequence', details: { attributes: { 'openinference.span.kind': 'AGENT' } } },
      { name: 'my RunnableLambda step' },
      { name: 'should_continue' },
      { name: 'llm_call' },
    ]),
  ).toEqual([]);
});
