const number = (count: number) => count.toLocaleString('en');
const counted = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;

/** The English of what is said of an agent's run as a whole: part of `messages`. */
export const runTexts = {
  summary: 'What the run came to',
  tokens: (tokens: string) => `${tokens} tokens`,
  cached: (share: string) => `${share} cached`,
  iterations: (count: number) => counted(count, 'iteration', 'iterations'),
  iterationsInferred: 'Inferred from the rhythm of model calls and tools: the trace does not name them.',
  estimated: 'Estimated by the table of prices that was given; the trace does not say it.',
  spanIncomplete: 'Spans say more than what lies below them: not every call was recorded.',
  audit: {
    title: 'How these sums came about',
    rule: 'A number counts where the innermost span says it. These spans speak for others below them too:',
    /** What a line says, where it stands alone. */
    ofSpan: (line: string) => `This span ${line}.`,
    incomplete: (count: number) =>
      `${number(count)} ${count === 1 ? 'span says' : 'spans say'} more than what is below`,
    verdicts: {
      repeated: (own: string) => `says ${own}, as much as all below it: counted once`,
      incomplete: (own: string, nested: string) =>
        `says ${own}, all below it ${nested}: the larger counts, for not every call was recorded`,
      partial: (own: string, nested: string) => `says ${own}, all below it ${nested}: the larger counts`,
      separate: (own: string, nested: string, counted: string) =>
        `used ${own} itself, and what its tools called ${nested}: both count, ${counted}`,
    },
  },
  time: 'Where the time went',
  shares: {
    llm: 'LLM',
    tool: 'tools',
    retrieval: 'retrieval',
    memory: 'memory',
    other: 'other work',
    idle: 'idle',
  },
  idleHint: 'Nobody worked: no model, no tool',
  /** Of how many things went wrong, where more spans than that have an error. */
  errorOrigins: (origins: number, spans: number) =>
    origins === 0
      ? undefined
      : origins < spans
        ? `${counted(origins, 'thing', 'things')} went wrong; the other spans failed by it`
        : 'Each began in its own span',
  loops: (count: number) => counted(count, 'loop', 'loops'),
  loopsHint: 'The same calls again and again. Inferred: the trace does not say so.',
  softFailures: (count: number) => counted(count, 'soft failure', 'soft failures'),
  softHint: 'What went wrong without an error: a tool that says it failed, an answer that was cut off.',
  goToFirst: 'Go to the first',
  slowest: 'Slowest:',
  slowestFor: (time: string) => `the run waited ${time} for it`,
  recovered: 'recovered',
  readAll: 'Add up tokens and cost',
  reading: 'Adding up …',
  readAllHint: 'So large a trace is read in one go only when somebody asks for it.',
  iterationTable: 'Iterations of the run',
  noIterations: 'No iterations: no model was called, and no span is named one.',
  columns: {
    number: '#',
    agent: 'Agent',
    start: 'Start',
    duration: 'Time',
    calls: 'LLM',
    tools: 'Tools',
    tokens: 'Tokens',
    cost: 'Cost',
    decision: 'Decision',
    outcome: 'Outcome',
  },
  focusIteration: (iteration: number) => `Iteration ${iteration}: show it`,
  outcomes: {
    ok: 'ok',
    error: 'failed',
    recovered: 'recovered',
    soft: 'failed softly',
    open: 'not finished',
  },
  modelCalls: (count: number) => counted(count, 'model call', 'model calls'),
  contextGrowth: 'Input tokens of each model call, in order',
  contextTitle: 'Input tokens of each model call',
  noContext: 'No call of a model says how many tokens it was given.',
  contextAgent: 'Agent',
  allAgents: 'All agents',
  call: (position: number, count: number) => `Call ${number(position)} of ${number(count)}`,
  tokensIn: (tokens: number) => `${counted(tokens, 'token', 'tokens')} in`,
  tokensOut: (tokens: number) => `${number(tokens)} out`,
  fromCache: (tokens: number) => `${number(tokens)} from cache`,
  growth: (growth: number) => `${growth < 0 ? '−' : '+'}${number(Math.abs(growth))}`,
  compaction: 'compacted',
  ofWindow: (share: string) => `${share} of the window`,
  window: (tokens: string) => `window ${tokens}`,
  contextKeys: 'Arrow keys: call by call. Home and End: first and last. Enter: select the call.',
  transcript: 'The run as one conversation',
  noTranscript: 'Nothing to read: no step of an agent is in this trace.',
  steps: (count: number) => counted(count, 'step', 'steps'),
  showSteps: (step: number, rest: number) =>
    step === rest ? `Show ${number(rest)} more` : `Show ${number(step)} more of ${number(rest)}`,
  openSubAgent: (name: string) => `Read the run of ${name}`,
  chose: (choice: string) => `chose ${choice}`,
  selectStep: (name: string) => `Select ${name}`,
  subtreeTokens: (tokens: string) => `Σ ${tokens}, with all below`,
  subtreeCost: (cost: string) => `Σ ${cost}, with all below`,
  estimatedSum: (cost: string) => `Estimated Σ ${cost}, with all below: by the table of prices, not by the trace`,
} as const;
