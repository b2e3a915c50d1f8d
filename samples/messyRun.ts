import { type ToolCall, user } from './conversation.ts';
import { type Attributes, addAttributes, type DraftSpan, type Failure, Recording } from './draft.ts';
import { type OtlpFile, type Resources, toOtlpShape } from './exportShapes.ts';
import {
  type AgentAtWork,
  agentAttributes,
  chat,
  checkpoint,
  executeTool,
  type GenAiAgent,
  type Outcome,
} from './genAi.ts';
import { confirmTruck, quoteAndHold } from './messyBooking.ts';
import { cleanRegister } from './messyInventory.ts';
import { findRequirements } from './messyResearch.ts';
import {
  BOOKING_INSTRUCTIONS,
  COORDINATOR_INSTRUCTIONS,
  firstMessage,
  INVENTORY_INSTRUCTIONS,
  RESEARCH_INSTRUCTIONS,
  TASK,
} from './messyTexts.ts';
import { createRandom, type Random } from './random.ts';

const SKEWED_SERVICE = 'sandbox';
const SKEW_NANOSECONDS = -1_800_000_000;
const WAIT_FOR_HUMAN_MS = 41 * 60_000 + 12_480;

/**
 * A long run that fails, as agents really produce them. A coordinator hands work to three sub-agents; one of them asks for
 * the same thing again and again, one goes back and forth between two tools, one holds a truck. Then everybody waits 41
 * minutes for a person, by which time the hold has expired, and nothing catches that.
 *
 * On the way: a prompt of 60 kB sent with every call of the coordinator, parallel tools, retries with backoff, an error
 * that is caught, odd names, an orphan, a clock 1.8 s behind, an id used twice, an open span, spans of no duration.
 */
export function messyRun(): OtlpFile {
  const random = createRandom(1907);
  const recording = new Recording({
    random,
    traceId: random.hex(32),
    service: 'orchestrator',
    scope: { name: 'museum.agents', version: '3.2.0' },
  });
  recordMove(makeTeam(recording, random));
  for (const span of recording.spans) if (span.service === SKEWED_SERVICE) shift(span, SKEW_NANOSECONDS);
  return toOtlpShape(inOrderOfExport(recording.spans), RESOURCES);
}

const RESOURCES: Resources = {
  orchestrator: {
    'service.version': '3.2.0',
    'deployment.environment.name': 'staging',
    'host.name': 'agents-1',
    'process.pid': 212,
  },
  'research-agent': { 'service.version': '3.2.0', 'host.name': 'agents-2' },
  'inventory-agent': { 'service.version': '3.1.9', 'host.name': 'agents-2' },
  'booking-agent': { 'service.version': '3.2.0', 'host.name': 'agents-3' },
  sandbox: {
    'service.version': '0.44.1',
    'host.name': 'sbx-17',
    'container.id': 'c0ffee5eed',
    'process.runtime.name': 'cpython',
  },
  'hauler-api': { 'service.version': '2026.47', 'telemetry.sdk.language': 'java' },
  'museum-db': { 'db.system.name': 'postgresql', 'server.address': 'db.museum.example' },
};

/** Exporters send a span when it ends; one that is open was flushed when the process went down. */
function inOrderOfExport(spans: readonly DraftSpan[]): DraftSpan[] {
  return [...spans].sort((a, b) => (a.end ?? Number.POSITIVE_INFINITY) - (b.end ?? Number.POSITIVE_INFINITY));
}

function shift(span: DraftSpan, nanoseconds: number): void {
  span.start += nanoseconds;
  if (span.end !== undefined) span.end += nanoseconds;
  for (const event of span.events) event.time += nanoseconds;
}

interface Team {
  coordinator: AgentAtWork;
  researcher: AgentAtWork;
  registrar: AgentAtWork;
  booker: AgentAtWork;
}

const GOALS = {
  research: 'Requirements for climate, packing and insurance',
  inventory: 'A clean manifest of all 1,214 objects from register.csv',
  booking: 'Quotes for 4.2 t with climate control in the week of 7 December; hold the best one',
} as const;

function makeTeam(recording: Recording, random: Random): Team {
  const member = (name: string, description: string, model: string, instructions: string, message: string) => ({
    recording,
    random,
    agent: makeAgent(name, description, model, instructions, message),
  });
  return {
    coordinator: member('move_coordinator', 'Plans a move.', 'gpt-4.1', COORDINATOR_INSTRUCTIONS, firstMessage(random)),
    researcher: member('research_agent', 'Finds requirements.', 'gpt-4.1-mini', RESEARCH_INSTRUCTIONS, GOALS.research),
    registrar: member('inventory_agent', 'Cleans registers.', 'gpt-4.1-mini', INVENTORY_INSTRUCTIONS, GOALS.inventory),
    booker: member('booking_agent', 'Books transport.', 'gpt-4.1', BOOKING_INSTRUCTIONS, GOALS.booking),
  };
}

function makeAgent(
  name: string,
  description: string,
  model: string,
  instructions: string,
  message: string,
): GenAiAgent {
  return {
    name,
    description,
    model,
    provider: 'openai',
    responseModel: `${model}-2025-04-14`,
    instructions,
    temperature: 0.3,
    price: model === 'gpt-4.1' ? { input: 2, output: 8 } : { input: 0.4, output: 1.6 },
    conversationId: 'conv_move_0712',
    history: [user(message)],
  };
}

function recordMove(team: Team): void {
  const { recording, agent } = team.coordinator;
  const attributes: Attributes = {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': 'museum_move',
    'gen_ai.conversation.id': agent.conversationId,
    'user.id': 'u-17',
    'session.id': 's-0712',
  };
  recording.span('invoke_workflow museum_move', { attributes }, (root) => {
    recording.wait(3.1);
    let failure: Failure | undefined;
    recording.span(`invoke_agent ${agent.name}`, { attributes: agentAttributes(agent) }, (run) => {
      prepare(team.coordinator, run);
      delegateToAll(team);
      askHuman(team.coordinator);
      failure = book(team);
      if (failure !== undefined) recording.fail(run, { ...failure, escaped: true });
    });
    if (failure !== undefined) recording.fail(root, { ...failure, escaped: true });
    recording.wait(1.2);
  });
}

function prepare({ recording, random }: AgentAtWork, run: DraftSpan): void {
  addAttributes(run, { 'gen_ai.input.messages': JSON.stringify([user(TASK)]) });
  recording.leaf('guardrail personal_data', random.vary(46), {
    attributes: {
      'openinference.span.kind': 'GUARDRAIL',
      'guardrail.triggered': false,
      'guardrail.note': 'One first name found: Rune.',
    },
  });
  const records = [
    { id: 'm-88', score: 0.81, content: 'Approvals by the director take a while: she reads mail after lunch.' },
    { id: 'm-12', score: 0.77, content: 'Holds at Pakkemus last 30 minutes.' },
  ];
  recording.leaf('search_memory museum', random.vary(31), {
    attributes: {
      'gen_ai.operation.name': 'search_memory',
      'gen_ai.memory.query.text': 'moving objects, hauliers, approvals',
      'gen_ai.memory.record.count': records.length,
      'gen_ai.memory.records': JSON.stringify(records),
    },
  });
}

function delegateToAll(team: Team): void {
  const { coordinator } = team;
  const research = delegation('d1', 'research_agent', GOALS.research);
  const inventory = delegation('d2', 'inventory_agent', GOALS.inventory);
  const booking = delegation('d3', 'booking_agent', GOALS.booking);
  const calls = [research, inventory, booking];
  chat(
    coordinator,
    'Three things can go on at once. I hand them over together and ask for approval afterwards.',
    calls,
  );
  checkpoint(coordinator, 1);
  coordinator.recording.parallel([
    () => delegate(team.researcher, coordinator, research, findRequirements),
    () => delegate(team.registrar, coordinator, inventory, cleanRegister),
    () => delegate(team.booker, coordinator, booking, quoteAndHold),
  ]);
}

function delegation(id: string, to: string, goal: string): ToolCall {
  return { id: `call_${id}`, name: `delegate_to_${to}`, arguments: { goal } };
}

/** A sub-agent behind a tool call, in a service of its own. */
function delegate(to: AgentAtWork, from: AgentAtWork, call: ToolCall, body: (work: AgentAtWork) => Outcome): Outcome {
  const { recording, agent } = to;
  let outcome: Outcome = { summary: '' };
  executeTool(from, call, (tool) => {
    recording.wait(from.random.vary(4));
    const service = agent.name.replace('_', '-');
    recording.span(`invoke_agent ${agent.name}`, { service, attributes: agentAttributes(agent) }, (run) => {
      outcome = body(to);
      if (outcome.failure !== undefined) recording.fail(run, { ...outcome.failure, escaped: true });
    });
    if (outcome.failure !== undefined) recording.fail(tool, { ...outcome.failure, escaped: true });
    return outcome.summary;
  });
  return outcome;
}

/** The run is put aside until somebody answers: no span covers the wait but those that are open around it. */
function askHuman(work: AgentAtWork): void {
  const { recording, random } = work;
  const call: ToolCall = {
    id: 'call_h1',
    name: 'ask_human',
    arguments: {
      to: 'director',
      question: 'Pakkemus holds a climate-controlled truck for 8 December, 3,180 EUR. Shall I book it?',
      choices: ['book', 'look further', 'stop'],
    },
  };
  chat(work, 'Requirements, manifest and a held truck are there. 3,180 EUR is above my limit, so I ask.', [call]);
  checkpoint(work, 2);
  executeTool(work, call, (span) => {
    recording.wait(random.vary(380));
    // Recorded as an exception by the framework, though it is how it says "wait": the span has not failed.
    recording.exception(span, { type: 'GraphInterrupt', message: 'waiting for: director', escaped: true });
    return { state: 'interrupted', resume_token: 'rt_55ac' };
  });
  recording.wait(WAIT_FOR_HUMAN_MS);
  recording.span('resume', { attributes: { 'resume.token': 'rt_55ac', 'waited.minutes': 41 } }, (span) => {
    recording.event(span, 'human answered', { choice: 'book', comment: 'Yes, please. Sorry, I was at lunch 🙂' });
  });
}

function book(team: Team): Failure | undefined {
  const { coordinator } = team;
  const call = delegation('d4', 'booking_agent', 'Confirm hold H-20713 with Pakkemus');
  chat(coordinator, 'The director agrees. I have the held truck confirmed.', [call]);
  checkpoint(coordinator, 3);
  return delegate(team.booker, coordinator, call, confirmTruck).failure;
}
