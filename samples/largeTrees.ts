import type { Attributes, DraftSpan } from './draft.ts';
import { type LargeSource, makeSpan } from './largeSource.ts';
import type { Random } from './random.ts';

/**
 * Trees of an exact number of spans, made from the root down: each node gets a budget of spans and a stretch of time, keeps
 * one span for itself, and divides what is left among its children. So a parent stands before its children, its end is known
 * when it is written, and only one branch is held in memory.
 */
interface TreeNode {
  name: string;
  service: string;
  kind?: DraftSpan['kind'];
  attributes?: Attributes;
  /** Nanoseconds. */
  start: number;
  duration: number;
  /** Spans in this subtree, the node itself included. */
  budget: number;
  /** Where something went wrong: this node is an error, and one of its children is where it came from. */
  failure?: string | undefined;
  children?: (node: TreeNode) => Iterable<TreeNode>;
}

const MILLISECOND = 1_000_000;

/** Depth-first with a stack of iterators, never by recursion. */
function* walk(source: LargeSource, root: TreeNode): Generator<DraftSpan> {
  const rootSpan = toSpan(source, root, undefined);
  yield rootSpan;
  const stack = root.budget > 1 ? [{ spanId: rootSpan.spanId, children: childrenOf(root) }] : [];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.children.next();
    if (next.done) {
      stack.pop();
      continue;
    }
    const span = toSpan(source, next.value, top.spanId);
    yield span;
    if (next.value.budget > 1) stack.push({ spanId: span.spanId, children: childrenOf(next.value) });
  }
}

function childrenOf(node: TreeNode): Iterator<TreeNode> {
  const children: Iterable<TreeNode> = node.children?.(node) ?? [];
  return children[Symbol.iterator]();
}

function toSpan(source: LargeSource, node: TreeNode, parentSpanId: string | undefined): DraftSpan {
  const end = node.start + node.duration;
  return makeSpan(source, {
    parentSpanId,
    name: node.name,
    service: node.service,
    kind: node.kind ?? 'internal',
    start: node.start,
    end,
    status: node.failure === undefined ? 'unset' : 'error',
    statusMessage: node.failure,
    attributes: node.attributes ?? {},
    events:
      node.failure !== undefined && node.budget === 1
        ? [
            {
              name: 'exception',
              time: end,
              attributes: { 'exception.type': 'Error', 'exception.message': node.failure },
            },
          ]
        : [],
  });
}

/** Divides `total` into `parts` whole numbers of at least one, none more than about three times another. */
function divide(random: Random, total: number, parts: number): number[] {
  const weights = Array.from({ length: parts }, () => 0.5 + random.unit());
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => 1 + Math.floor(((total - parts) * weight) / sum));
  let rest = total - shares.reduce((a, b) => a + b, 0);
  for (let index = 0; rest > 0; index = (index + 1) % parts, rest--) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** A stretch of time from `from` to `to` (both 0 to 1) of the node, in whole microseconds. */
function stretch(node: TreeNode, from: number, to: number): { start: number; duration: number } {
  const offset = Math.floor((node.duration * from) / 1000) * 1000;
  const end = Math.floor((node.duration * to) / 1000) * 1000;
  return { start: node.start + offset, duration: end - offset };
}

// ---- agents ----

const TOOLS = ['search_web', 'read_file', 'run_python', 'query_database', 'fetch_page', 'send_message'] as const;
const MODELS = ['gpt-4.1', 'gpt-4.1-mini'] as const;
const TOPICS = [
  'tides in the sound',
  'rope prices',
  'night trains',
  'bird counts',
  'bakery permits',
  'ferry delays',
] as const;

export function agentSpans(source: LargeSource): Iterable<DraftSpan> {
  const { random, count } = source;
  return walk(source, {
    name: 'session',
    service: 'agent-runner',
    attributes: { 'session.id': 's-large', 'evaluation.cases': Math.max(1, Math.round(count / 150)) },
    start: 0,
    duration: count * 40 * MILLISECOND,
    budget: count,
    children: (session) => agentRuns(random, session),
  });
}

const LANES = 4;

/** Four runs at a time, as an evaluation does it. */
function* agentRuns(random: Random, session: TreeNode): Generator<TreeNode> {
  const rest = session.budget - 1;
  const budgets = divide(random, rest, Math.max(1, Math.min(rest, Math.round(rest / 150))));
  const columns = Math.ceil(budgets.length / LANES);
  for (const [index, budget] of budgets.entries()) {
    const column = Math.floor(index / LANES);
    const from = (column + random.unit() * 0.08) / columns;
    const to = (column + 0.8 + random.unit() * 0.19) / columns;
    yield agentRun(random, 'agent-runner', stretch(session, from, to), budget, random.chance(0.08));
  }
}

function agentRun(
  random: Random,
  service: string,
  time: { start: number; duration: number },
  budget: number,
  fails: boolean,
): TreeNode {
  const topic = random.pick(TOPICS);
  return {
    name: 'agent_run',
    service,
    attributes: { task_preview: `Write a short report on ${topic}`, agent_type: 'react', model: random.pick(MODELS) },
    ...time,
    budget,
    failure: fails ? `no report on ${topic}: a tool failed three times` : undefined,
    children: (run) => iterations(random, run),
  };
}

function* iterations(random: Random, run: TreeNode): Generator<TreeNode> {
  const rest = run.budget - 1;
  const budgets = divide(random, rest, Math.max(1, Math.min(rest, Math.round(rest / 9))));
  for (const [index, budget] of budgets.entries()) {
    const last = index === budgets.length - 1;
    yield {
      name: `iteration_${index + 1}`,
      service: run.service,
      attributes: { iteration: index + 1 },
      ...stretch(run, index / budgets.length, (index + 0.99) / budgets.length),
      budget,
      failure: last ? run.failure : undefined,
      children: (iteration) => steps(random, iteration),
    };
  }
}

/** What an iteration consists of; with a small budget the LLM call comes first, then a tool, then the rest. */
function* steps(random: Random, iteration: TreeNode): Generator<TreeNode> {
  const rest = iteration.budget - 1;
  const { service } = iteration;
  const leaf = (name: string, from: number, to: number, attributes: Attributes, failure?: string): TreeNode => ({
    name,
    service,
    attributes,
    ...stretch(iteration, from, to),
    budget: 1,
    failure,
  });
  const thinking = 0.45 + random.unit() * 0.3;
  if (rest >= 3) yield leaf('memory:retrieve', 0, 0.01, { 'memory.operation': 'retrieve', 'memory.type': 'episodic' });
  // Without a tool that could be at fault, the LLM call is where the failure came from.
  yield leaf('llm_call', 0.01, thinking, llmAttributes(random), rest === 1 ? iteration.failure : undefined);
  if (rest >= 4) {
    const chosen = {
      'decision.type': 'action_selection',
      'decision.option_count': 3,
      'decision.chosen': random.pick(TOOLS),
    };
    yield leaf('decision:action_selection', thinking, thinking + 0.002, chosen);
  }
  const others = rest >= 5 ? 4 : rest >= 4 ? 3 : rest >= 3 ? 2 : 1;
  if (rest > others) yield* tools(random, iteration, rest - others, thinking + 0.002);
  if (rest >= 5) yield leaf('memory:store', 0.985, 1, { 'memory.operation': 'store', 'memory.type': 'working' });
}

function llmAttributes(random: Random): Attributes {
  const promptTokens = random.int(600, 9000);
  const completionTokens = random.int(40, 900);
  return {
    'llm.model': random.pick(MODELS),
    'llm.prompt_tokens': promptTokens,
    'llm.completion_tokens': completionTokens,
    'llm.temperature': 0.7,
    'gen_ai.usage.cost': (promptTokens * 2 + completionTokens * 8) / 1e6,
  };
}

/** Tools of one iteration run at the same time; a big budget becomes a sub-agent now and then. */
function* tools(random: Random, iteration: TreeNode, budget: number, from: number): Generator<TreeNode> {
  if (budget >= 8 && random.chance(0.4)) {
    yield {
      name: 'tool:delegate',
      service: iteration.service,
      attributes: { 'tool.name': 'delegate', 'tool.success': iteration.failure === undefined },
      ...stretch(iteration, from, 0.98),
      budget,
      failure: iteration.failure,
      children: (tool) => [
        agentRun(random, 'sub-agent', stretch(tool, 0.01, 0.99), tool.budget - 1, tool.failure !== undefined),
      ],
    };
    return;
  }
  const budgets = divide(random, budget, Math.max(1, Math.min(budget, Math.round(budget / 2))));
  for (const [index, share] of budgets.entries()) {
    const name = random.pick(TOOLS);
    const failure = index === 0 && iteration.failure !== undefined ? `${name}: no answer in 5 s` : undefined;
    yield {
      name: `tool:${name}`,
      service: iteration.service,
      attributes: {
        'tool.name': name,
        'tool.input_size': random.int(20, 900),
        'tool.success': failure === undefined,
        'gen_ai.tool.call.arguments': `{"query":"${random.pick(TOPICS)}","limit":${random.int(3, 20)}}`,
      },
      ...stretch(iteration, from, from + (0.98 - from) * (0.3 + 0.7 * random.unit())),
      budget: share,
      failure,
      children: (tool) => requests(random, tool),
    };
  }
}

/** What a tool does over the network, one request after the other. */
function* requests(random: Random, tool: TreeNode): Generator<TreeNode> {
  const rest = tool.budget - 1;
  for (let index = 0; index < rest; index++) {
    const failed = index === rest - 1 ? tool.failure : undefined;
    yield {
      name: random.chance(0.5) ? 'HTTP GET' : 'HTTP POST',
      service: 'tool-gateway',
      kind: 'client',
      attributes: {
        'url.full': `https://api.example/v1/${tool.name.slice(5)}`,
        'http.response.status_code': failed === undefined ? 200 : 504,
      },
      ...stretch(tool, index / rest, (index + 0.95) / rest),
      budget: 1,
      failure: failed,
    };
  }
}

// ---- services ----

const CALLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['gateway', ['shop-api', 'account-api', 'search-api']],
  ['shop-api', ['cart', 'pricing', 'stock', 'payment']],
  ['account-api', ['auth', 'profile']],
  ['search-api', ['index', 'pricing']],
  ['cart', ['stock', 'pricing']],
  ['payment', ['fraud', 'auth']],
]);
const OPERATIONS = ['list', 'get', 'update', 'validate', 'reserve'] as const;
const QUERIES = [
  { name: 'SELECT items', system: 'postgresql' },
  { name: 'UPDATE stock', system: 'postgresql' },
  { name: 'GET', system: 'redis' },
  { name: 'HGETALL', system: 'redis' },
] as const;

export function serviceSpans(source: LargeSource): Iterable<DraftSpan> {
  const { random, count } = source;
  return walk(source, {
    name: 'load test',
    service: 'load-generator',
    attributes: { 'load.users': 16 },
    start: 0,
    duration: count * 3 * MILLISECOND,
    budget: count,
    children: (root) => loadRequests(random, root),
  });
}

const USERS = 16;

function* loadRequests(random: Random, root: TreeNode): Generator<TreeNode> {
  const rest = root.budget - 1;
  const budgets = divide(random, rest, Math.max(1, Math.min(rest, Math.round(rest / 40))));
  const columns = Math.ceil(budgets.length / USERS);
  for (const [index, budget] of budgets.entries()) {
    const column = Math.floor(index / USERS);
    const from = (column + random.unit() * 0.3) / columns;
    const to = (column + 0.4 + random.unit() * 0.59) / columns;
    const failure = random.chance(0.03) ? 'deadline exceeded' : undefined;
    yield serviceCall(random, 'gateway', stretch(root, from, to), budget, failure);
  }
}

function serviceCall(
  random: Random,
  service: string,
  time: { start: number; duration: number },
  budget: number,
  failure: string | undefined,
): TreeNode {
  const route = `/${service}/${random.pick(OPERATIONS)}`;
  return {
    name: `POST ${route}`,
    service,
    kind: 'server',
    attributes: {
      'http.request.method': 'POST',
      'http.route': route,
      'http.response.status_code': failure === undefined ? 200 : 504,
    },
    ...time,
    budget,
    failure,
    children: (node) => downstream(random, node),
  };
}

/** Two to four calls one after the other or all at once; services that call nobody ask their database. */
function* downstream(random: Random, node: TreeNode): Generator<TreeNode> {
  const rest = node.budget - 1;
  const targets = CALLS.get(node.service);
  const parts = targets === undefined || rest < 4 ? rest : Math.min(rest, random.int(2, 4));
  const budgets = divide(random, rest, parts);
  const parallel = random.chance(0.4);
  for (const [index, budget] of budgets.entries()) {
    const failure = index === budgets.length - 1 ? node.failure : undefined;
    const time = parallel
      ? stretch(node, 0.05, 0.4 + 0.55 * random.unit())
      : stretch(node, 0.03 + (0.94 * index) / parts, 0.03 + (0.94 * (index + 0.97)) / parts);
    yield targets !== undefined && budget > 1
      ? serviceCall(random, random.pick(targets), time, budget, failure)
      : query(random, node.service, time, failure);
  }
}

function query(
  random: Random,
  service: string,
  time: { start: number; duration: number },
  failure: string | undefined,
): TreeNode {
  const { name, system } = random.pick(QUERIES);
  return { name, service, kind: 'client', attributes: { 'db.system': system }, ...time, budget: 1, failure };
}
