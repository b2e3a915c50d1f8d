import { answer, costOf, countTokens, type Message, system, type ToolCall, toolResult, user } from './conversation.ts';
import { addAttributes, type DraftSpan, type Failure, Recording } from './draft.ts';
import { type PlainTrace, toPlainShape } from './exportShapes.ts';
import { ITERATIONS, type PlannedCall, type PlannedIteration, SYSTEM_PROMPT, TASK } from './flightTask.ts';
import { createRandom, type Random } from './random.ts';

const MODEL = 'gpt-4.1';
/** Dollars for a million tokens. */
const PRICE = { input: 2, output: 8 };
const TOOL_DEFINITION_TOKENS = 412;

/** An agent that finds a flight in five iterations: a plain-format trace in which all goes well. */
export function agentRun(): PlainTrace {
  return record(20261123, {});
}

/** The same agent: a tool times out in its second iteration, and the error ends the iteration and the run. */
export function errorRun(): PlainTrace {
  return record(20261124, { timeout: { iteration: 2, call: 1 } });
}

/** The same agent, exported while a tool of its third iteration runs: the path to that tool has no end. */
export function openRun(): PlainTrace {
  return record(20261125, { openDuring: { iteration: 3, call: 0 } });
}

interface Course {
  timeout?: { iteration: number; call: number };
  openDuring?: { iteration: number; call: number };
}

type Outcome = 'ok' | 'open' | Failure;

function record(seed: number, course: Course): PlainTrace {
  const random = createRandom(seed);
  const traceId = random.uuid();
  const recording = new Recording({
    random,
    traceId,
    service: 'travel-agent',
    tick: 1000,
    status: 'ok',
    makeSpanId: random.uuid,
  });
  recording.wait(random.unit() * 100);
  recording.span(
    'session',
    { status: 'unset', attributes: { 'session.id': 's-7f21', 'user.id': 'u-42' } },
    (session) => {
      recording.wait(1.4);
      if (recordRun(recording, random, course) === 'open') return recording.leaveOpen(session);
      recording.wait(0.8);
    },
  );
  return toPlainShape(traceId, recording.spans);
}

function recordRun(recording: Recording, random: Random, course: Course): Outcome {
  let outcome = 'ok' as Outcome;
  const config = { type: 'react', model: MODEL, max_iterations: 8 };
  const attributes = {
    task: TASK,
    task_preview: TASK.slice(0, 80),
    agent_type: 'react',
    model: MODEL,
    'task.length': TASK.length,
  };
  recording.span('agent_run', { attributes }, (run) => {
    recording.event(run, 'agent_started', { config });
    const history: Message[] = [user(TASK)];
    for (const [index, plan] of ITERATIONS.entries()) {
      outcome = recordIteration(recording, random, { plan, number: index + 1, history, course });
      if (outcome === 'open') return recording.leaveOpen(run);
      if (outcome !== 'ok') {
        recording.fail(run, { ...outcome, stack: RUN_STACK, escaped: true });
        addAttributes(run, { total_iterations: index + 1 });
        return;
      }
    }
    addAttributes(run, { total_iterations: ITERATIONS.length, answer: ITERATIONS.at(-1)?.thought ?? '' });
    recording.event(run, 'agent_completed', { reason: 'final_answer' });
  });
  return outcome;
}

interface IterationContext {
  plan: PlannedIteration;
  number: number;
  history: Message[];
  course: Course;
}

function recordIteration(recording: Recording, random: Random, context: IterationContext): Outcome {
  const { plan, number, history } = context;
  let outcome = 'ok' as Outcome;
  recording.span(`iteration_${number}`, { attributes: { iteration: number } }, (iteration) => {
    recordMemory(recording, random, 'retrieve', {
      'memory.hits': plan.recalled.length,
      'memory.records': plan.recalled,
    });
    const calls = plan.calls.map((call) => ({
      id: `call_${random.hex(8)}`,
      name: call.name,
      arguments: call.arguments,
    }));
    recordLlmCall(recording, random, plan, calls, history);
    recordDecision(recording, random, plan);
    outcome = recordTools(recording, random, context, calls);
    if (outcome === 'open') return recording.leaveOpen(iteration);
    if (outcome !== 'ok') {
      iteration.status = 'error';
      iteration.statusMessage = outcome.message;
      recording.wait(0.3);
      return;
    }
    recordMemory(recording, random, 'store', { 'memory.content': plan.stored });
  });
  return outcome;
}

function recordMemory(
  recording: Recording,
  random: Random,
  operation: 'retrieve' | 'store',
  attributes: DraftSpan['attributes'],
): void {
  recording.leaf(`memory:${operation}`, random.vary(operation === 'retrieve' ? 9 : 2.4), {
    attributes: {
      'memory.operation': operation,
      'memory.type': operation === 'retrieve' ? 'episodic' : 'working',
      ...attributes,
    },
  });
}

function recordLlmCall(
  recording: Recording,
  random: Random,
  plan: PlannedIteration,
  calls: readonly ToolCall[],
  history: Message[],
): void {
  const reply = answer(plan.thought, calls);
  const inputTokens = countTokens(history) + countTokens(SYSTEM_PROMPT) + TOOL_DEFINITION_TOKENS;
  const outputTokens = countTokens(reply);
  const duration = Math.round(random.vary(280 + outputTokens * 9) * 1000) / 1000;
  recording.span('llm_call', {}, (span) => {
    const firstTokenAfter = duration * 0.24;
    recording.wait(firstTokenAfter);
    recording.event(span, 'first_token', { 'llm.first_token_ms': Math.round(firstTokenAfter) });
    recording.wait(duration - firstTokenAfter);
    addAttributes(span, {
      'llm.model': MODEL,
      'llm.prompt_tokens': inputTokens,
      'llm.completion_tokens': outputTokens,
      'llm.temperature': 0.2,
      'llm.duration_ms': duration,
      'gen_ai.usage.cost': costOf(inputTokens, outputTokens, PRICE),
      'gen_ai.system_instructions': JSON.stringify(system(SYSTEM_PROMPT)),
      'gen_ai.input.messages': JSON.stringify(history),
      'gen_ai.output.messages': JSON.stringify([reply]),
    });
  });
  history.push(reply);
}

function recordDecision(recording: Recording, random: Random, plan: PlannedIteration): void {
  recording.leaf('decision:action_selection', random.vary(0.12), {
    attributes: {
      'decision.type': 'action_selection',
      'decision.option_count': plan.options.length,
      'decision.options': plan.options,
      'decision.chosen': plan.chosen,
    },
  });
}

/** All calls of an iteration start together; the first failure among them is the iteration's. */
function recordTools(
  recording: Recording,
  random: Random,
  { plan, number, history, course }: IterationContext,
  calls: readonly ToolCall[],
): Outcome {
  let outcome = 'ok' as Outcome;
  const branches = plan.calls.map((call, index) => () => {
    const isAt = (place: Course['timeout']) => place?.iteration === number && place.call === index;
    const id = calls[index]?.id ?? '';
    if (isAt(course.openDuring)) {
      outcome = 'open';
      recordTool(recording, call, id, (span) => recording.leaveOpen(span));
    } else if (isAt(course.timeout)) {
      recordTool(recording, call, id, (span) => {
        recording.wait(TIMEOUT_MS);
        recording.fail(span, TIMEOUT);
        addAttributes(span, { 'tool.success': false, 'tool.timeout_ms': TIMEOUT_MS });
        outcome = TIMEOUT;
      });
    } else {
      recordTool(recording, call, id, (span) => {
        recording.wait(random.vary(call.takes));
        addAttributes(span, { 'tool.success': true, 'gen_ai.tool.call.result': JSON.stringify(call.result) });
        history.push(toolResult(id, call.result));
      });
    }
  });
  recording.parallel(branches);
  return outcome;
}

function recordTool(recording: Recording, call: PlannedCall, id: string, body: (span: DraftSpan) => void): void {
  const text = JSON.stringify(call.arguments);
  const attributes = {
    'tool.name': call.name,
    'tool.input_size': text.length,
    'gen_ai.tool.call.id': id,
    'gen_ai.tool.call.arguments': text,
  };
  recording.span(`tool:${call.name}`, { attributes }, (span) => {
    recording.event(span, 'tool_invoked', { input_keys: Object.keys(call.arguments) });
    body(span);
  });
}

const TIMEOUT_MS = 2000;

const TIMEOUT: Failure = {
  type: 'TimeoutError',
  message: 'fare_rules: the fare service did not answer in 2.0 s (flight ZJ2206-0313)',
  stack: `Traceback (most recent call last):
  File "/srv/travel/agent/tools/registry.py", line 88, in invoke
    return await asyncio.wait_for(tool.run(**arguments), timeout=tool.timeout)
  File "/usr/lib/python3.12/asyncio/tasks.py", line 520, in wait_for
    return await fut
  File "/srv/travel/agent/tools/fares.py", line 41, in run
    reply = await self.client.get(f"/rules/{flight_id}", params={"include": ",".join(include)})
  File "/srv/travel/agent/http.py", line 133, in get
    raise TimeoutError(f"{self.tool}: the fare service did not answer in {self.timeout:.1f} s (flight {self.subject})")
TimeoutError: fare_rules: the fare service did not answer in 2.0 s (flight ZJ2206-0313)`,
};

const RUN_STACK = `Traceback (most recent call last):
  File "/srv/travel/agent/loop.py", line 62, in run
    outcome = await self.iterate(number, history)
  File "/srv/travel/agent/loop.py", line 117, in iterate
    results = await asyncio.gather(*[self.tools.invoke(call) for call in calls])
  File "/srv/travel/agent/tools/registry.py", line 88, in invoke
    return await asyncio.wait_for(tool.run(**arguments), timeout=tool.timeout)
TimeoutError: fare_rules: the fare service did not answer in 2.0 s (flight ZJ2206-0313)`;
