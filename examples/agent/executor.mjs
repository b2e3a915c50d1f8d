// An agent as one might write it, traced by `createAgentTracer`: it thinks, decides, acts and responds until it has an answer. Its
// model and its tools are made up and run anywhere, without a network: what they say follows from a seed. Everything is called on
// the scope that it belongs to (`run`, `round`), so that calls side by side nest rightly in a browser as well as in Node.

/** @typedef {import('spanscope/tracer').AgentCalls} AgentCalls */
/** @typedef {{ name: string, input: Record<string, string> }} Action */
/** @typedef {{ role: 'user' | 'assistant' | 'tool', text: string }} Message */

/**
 * @typedef {object} AgentOptions
 * @property {string} [task]
 * @property {number} [seed] Which of the tools fail, and how often.
 * @property {number} [pace] How many times faster than a real one.
 * @property {(step: string) => void} [onStep] Told what the agent does.
 */

const model = 'sketch-1';
const mostIterations = 6;
const mostAttempts = 3;

const places = /** @type {const} */ ({
  Lisbon: { weather: '24 °C, dry', hotel: 118, flight: 210 },
  Bergen: { weather: '13 °C, rain', hotel: 164, flight: 320 },
  Trieste: { weather: '21 °C, dry', hotel: 96, flight: 180 },
});
/** @typedef {keyof typeof places} Place */

/** What the agent knows from earlier runs. */
const longTermMemory = ['Prefers to be warm.', 'Never more than 600 € for a weekend.', 'Travels from Vienna.'];

/**
 * Runs the agent once.
 *
 * @param {AgentCalls} agent
 * @param {AgentOptions} [options]
 * @returns {Promise<string>} the answer
 */
export function runAgent(
  agent,
  { task = 'Where shall I go next weekend?', seed = 7, pace = 1, onStep = () => {} } = {},
) {
  const random = randomOf(seed);
  const wait = (/** @type {number} */ milliseconds) =>
    new Promise((resolve) => setTimeout(resolve, (milliseconds * (0.6 + 0.8 * random())) / pace));
  return agent.agentRun(
    { task, type: 'travel-planner', model, baggage: { 'session.id': `demo-${seed}` } },
    async (run) => {
      onStep(`Task: ${task}`);
      /** @type {Message[]} */
      const messages = [{ role: 'user', text: task }];
      const known = await recall(run, task, wait);
      onStep(`Remembered: ${known.join(' ')}`);
      for (let n = 1; n <= mostIterations; n++) {
        const answer = await run.iteration(n, async (round) => {
          const thought = await think(round, messages, n, wait);
          onStep(`Thought: ${thought}`);
          const next = await decide(round, messages, n);
          if (next === 'respond') return respond(round, messages, wait, onStep);
          const results = await act(round, actionsOf(messages), { seed, wait, onStep });
          messages.push({ role: 'assistant', text: thought }, ...results);
          await remember(round, results, wait);
          return undefined;
        });
        if (answer === undefined) continue;
        run.setResult({ iterations: n, output: answer, status: 'answered' });
        return answer;
      }
      run.setResult({ iterations: mostIterations, status: 'gave up' });
      return 'I found nothing.';
    },
  );
}

/** @typedef {(milliseconds: number) => Promise<unknown>} Wait */

/**
 * @param {AgentCalls} run
 * @param {string} query
 * @param {Wait} wait
 */
function recall(run, query, wait) {
  return run.memoryOperation({ operation: 'search', type: 'long_term', store: 'notes', query }, async (call) => {
    await wait(60);
    call.setResult({ count: longTermMemory.length, records: longTermMemory });
    return longTermMemory;
  });
}

/**
 * @param {AgentCalls} round
 * @param {readonly Message[]} results
 * @param {Wait} wait
 */
function remember(round, results, wait) {
  return round.memoryOperation({ operation: 'store', type: 'short_term', store: 'scratchpad' }, async (call) => {
    await wait(15);
    call.setResult({ count: results.length, records: results.map(({ text }) => text) });
  });
}

/**
 * @param {AgentCalls} round
 * @param {readonly Message[]} messages
 * @param {number} n
 * @param {Wait} wait
 */
function think(round, messages, n, wait) {
  const options = {
    model,
    provider: 'sketch',
    temperature: 0.2,
    promptTokens: tokensOf(messages),
    messages: sent(messages),
  };
  return round.llmCall(options, async (call) => {
    await wait(420);
    const open = missing(messages);
    const thought =
      open.length === 0
        ? 'All facts are there.'
        : `${n === 1 ? 'First' : 'Next'} I need the ${open[0]} of ${open.length < 3 ? 'each place' : 'the places'}.`;
    call.setResult({ completionTokens: 12 + thought.length, finishReason: 'stop', output: thought });
    return thought;
  });
}

/**
 * @param {AgentCalls} round
 * @param {readonly Message[]} messages
 * @param {number} n
 */
function decide(round, messages, n) {
  const options = ['act', 'respond'];
  return round.decision({ type: 'next_action', options }, async (call) => {
    const isReady = missing(messages).length === 0 || n === mostIterations;
    const chosen = isReady ? 'respond' : 'act';
    call.setResult({ chosen, reason: isReady ? 'Nothing is missing.' : `Missing: ${missing(messages).join(', ')}.` });
    return chosen;
  });
}

/**
 * The actions side by side, each tried again where it fails.
 *
 * @param {AgentCalls} round
 * @param {readonly Action[]} actions
 * @param {{ seed: number, wait: Wait, onStep: (step: string) => void }} world
 */
function act(round, actions, { seed, wait, onStep }) {
  return Promise.all(
    actions.map(async (action) => {
      for (let attempt = 1; ; attempt++) {
        try {
          const text = await callTool(round, action, fails(seed, action, attempt), wait);
          onStep(`${action.name}: ${text}`);
          return /** @type {Message} */ ({ role: 'tool', text });
        } catch (error) {
          const { message } = /** @type {Error} */ (error);
          onStep(`${action.name} failed (${message})${attempt < mostAttempts ? ', trying again' : ''}`);
          if (attempt < mostAttempts) continue;
          return /** @type {Message} */ ({
            role: 'tool',
            text: `${action.name} of ${action.input.place}: unknown, ${message}`,
          });
        }
      }
    }),
  );
}

/**
 * @param {AgentCalls} round
 * @param {Action} action
 * @param {boolean} doesFail
 * @param {Wait} wait
 */
function callTool(round, { name, input }, doesFail, wait) {
  return round.toolCall({ name, input }, async (call) => {
    await wait(name === 'flights' ? 380 : 160);
    if (doesFail) throw new ToolError(`${name} answered 503`);
    const place = /** @type {Place} */ (input.place);
    const fact = {
      weather: places[place].weather,
      hotels: `${places[place].hotel} €`,
      flights: `${places[place].flight} €`,
    };
    const text = `${name} of ${place}: ${fact[/** @type {keyof typeof fact} */ (name)]}`;
    call.setResult({ success: true, output: text });
    return text;
  });
}

/**
 * Streams: the span ends with the stream.
 *
 * @param {AgentCalls} round
 * @param {readonly Message[]} messages
 * @param {Wait} wait
 * @param {(step: string) => void} onStep
 */
async function respond(round, messages, wait, onStep) {
  const options = { model, provider: 'sketch', promptTokens: tokensOf(messages), messages: sent(messages) };
  const stream = round.llmCall(options, async function* (call) {
    const answer = answerTo(messages);
    await wait(300);
    for (const word of answer.split(/(?<= )/)) {
      await wait(18);
      yield word;
    }
    call.setResult({ completionTokens: Math.ceil(answer.length / 4), finishReason: 'stop', output: answer });
  });
  let text = '';
  for await (const word of stream) text += word;
  onStep(`Answer: ${text}`);
  return text;
}

/**
 * Whatever else goes on at the same time: the same for the same seed.
 *
 * @param {number} seed
 * @param {Action} action
 * @param {number} attempt
 */
function fails(seed, { name, input }, attempt) {
  let state = seed * 31 + attempt;
  for (const character of `${name} ${input.place}`) state = Math.imul(state, 31) + character.charCodeAt(0);
  return randomOf(state)() < (name === 'flights' ? 0.45 : 0.15);
}

class ToolError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'ToolError';
  }
}

const tools = ['weather', 'hotels', 'flights'];

/**
 * Which facts nobody has asked for yet.
 *
 * @param {readonly Message[]} messages
 */
function missing(messages) {
  return tools.filter((tool) => !messages.some(({ role, text }) => role === 'tool' && text.startsWith(tool)));
}

/**
 * @param {readonly Message[]} messages
 * @returns {Action[]}
 */
function actionsOf(messages) {
  const [name = 'weather'] = missing(messages);
  return Object.keys(places).map((place) => ({ name, input: { place } }));
}

/** @param {readonly Message[]} messages */
function answerTo(messages) {
  const told = messages.filter(({ role }) => role === 'tool').map(({ text }) => text);
  const isKnown = (/** @type {string} */ place) =>
    tools.every((tool) => told.some((text) => text.startsWith(`${tool} of ${place}: `) && !text.includes('unknown')));
  const cost = (/** @type {Place} */ place) => places[place].hotel * 2 + places[place].flight;
  const known = /** @type {Place[]} */ (Object.keys(places).filter(isKnown));
  const [best] = known.filter((place) => places[place].weather.includes('dry')).sort((a, b) => cost(a) - cost(b));
  if (!best) return 'Too little is known about any of the places to advise one.';
  return `${best}: ${places[best].weather}, and ${cost(best)} € for the flight and two nights.`;
}

/** @param {readonly Message[]} messages */
function sent(messages) {
  return messages.map(({ role, text }) => ({ role, parts: [{ type: 'text', content: text }] }));
}

/** @param {readonly Message[]} messages */
function tokensOf(messages) {
  return 180 + messages.reduce((sum, { text }) => sum + Math.ceil(text.length / 4), 0);
}

/**
 * Mulberry32: the same numbers for the same seed.
 *
 * @param {number} seed
 */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
