import { answer, countTokens, type ToolCall, user } from './conversation.ts';
import { addAttributes, type DraftSpan, Recording, type Scope, type SpanOptions, type Value } from './draft.ts';
import { type OtlpFile, type Resources, toOtlpShape } from './exportShapes.ts';
import { type AgentAtWork, agentAttributes, CHAT_SCOPE, chat, executeTool, type GenAiAgent } from './genAi.ts';
import { createRandom, type Random } from './random.ts';

const AGENT_SCOPE: Scope = { name: 'opentelemetry.instrumentation.agents', version: '0.9.2' };
const INDEX_SCOPE: Scope = { name: 'document-index', version: '1.17.0' };

const QUESTION =
  'Our mountain hut at 2,100 m runs on solar power. Which energy store gets us through the dark weeks of winter, and what would it cost us over twenty years?';

const INSTRUCTIONS = `You answer questions about small off-grid energy systems for people who run mountain huts.
Use the document index first and the calculator for every sum. Cite the documents by id. Say what you do not know.`;

const DOCUMENTS = [
  {
    id: 'hut-0412',
    score: 0.873,
    title: 'Winter load of staffed huts above 2,000 m',
    text: 'Median 9.4 kWh a day from December to February; a third of it is the freezer.',
  },
  {
    id: 'lfp-0098',
    score: 0.841,
    title: 'Lithium iron phosphate below freezing',
    text: 'Must not be charged under 0 °C; a heated cabinet takes 0.4 kWh a day at −15 °C outside.',
  },
  {
    id: 'hyd-0031',
    score: 0.806,
    title: 'Small hydrogen stores in the Alps: six years of measurements',
    text: 'Round trip 31 to 36 %, but stores a season; two of five sites gave up for want of maintenance.',
  },
  {
    id: 'mhp-0007',
    score: 0.774,
    title: 'Micro-hydro under ice',
    text: 'Streams below 30 l/s froze solid in 7 of 11 winters above 1,900 m.',
  },
] as const;

/**
 * A research agent with the GenAI semantic conventions, as an OTLP/JSON exporter writes it: an agent and a document index
 * (two resources), messages as JSON text, tools, retrieval, a link to the trace in which the documents were indexed.
 */
export function researchOtlp(): OtlpFile {
  const random = createRandom(4151);
  const recording = new Recording({ random, traceId: random.hex(32), service: 'research-agent', scope: AGENT_SCOPE });
  recordResearch({ recording, random, agent: makeAdvisor() });
  // An exporter sends a span when it ends, so that parents stand after their children.
  const spans = [...recording.spans].sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
  return toOtlpShape(spans, RESOURCES);
}

const RESOURCES: Resources = {
  'research-agent': {
    'service.version': '0.14.0',
    'service.namespace': 'huts',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'python',
    'telemetry.sdk.version': '1.38.0',
    'process.pid': 4711,
  },
  'document-index': {
    'service.version': '1.17.0',
    'service.namespace': 'huts',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'rust',
    'host.name': 'index-2',
  },
};

function makeAdvisor(): GenAiAgent {
  return {
    name: 'hut_energy_advisor',
    description: 'Answers questions about off-grid energy with sources.',
    model: 'gpt-4.1',
    responseModel: 'gpt-4.1-2025-04-14',
    provider: 'openai',
    instructions: INSTRUCTIONS,
    temperature: 0.1,
    price: { input: 2, output: 8 },
    conversationId: 'conv_88d0',
    history: [user(QUESTION)],
  };
}

function recordResearch(work: AgentAtWork): void {
  const { recording, agent } = work;
  recording.span(`invoke_agent ${agent.name}`, { attributes: agentAttributes(agent) }, (run) => {
    recording.wait(2.3);
    searchAndCheck(work);
    readPages(work);
    compute(work);
    const final = chat(work, FINAL_ANSWER);
    evaluate(work, final);
    addAttributes(run, {
      'gen_ai.input.messages': JSON.stringify([user(QUESTION)]),
      'gen_ai.output.messages': JSON.stringify([answer(FINAL_ANSWER)]),
    });
  });
}

const FINAL_ANSWER = `**A lithium iron phosphate battery of 60 kWh in a heated cabinet** carries you through six sunless days and costs about 41,300 EUR over twenty years (one replacement, heat for the cabinet included) [lfp-0098, hut-0412].

Hydrogen would store the summer, but comes to about 128,000 EUR and gives back only a third of what it takes; two of five such sites gave up [hyd-0031]. Micro-hydro is the cheapest per kWh, yet your stream would likely freeze [mhp-0007].

What I do not know: your own load. If the freezer can stand outside from December to February, 40 kWh will do.`;

function searchAndCheck(work: AgentAtWork): void {
  const { recording, random } = work;
  const query = 'winter energy storage mountain hut 2000 m';
  const documents: ToolCall = { id: 'call_q1', name: 'search_documents', arguments: { query, top_k: 4 } };
  const web: ToolCall = {
    id: 'call_q2',
    name: 'web_search',
    arguments: { query: 'price lithium iron phosphate battery 60 kWh cabinet heated 2026', limit: 5 },
  };
  chat(work, 'I will look up measured loads and stores, and a current price at the same time.', [documents, web]);
  recording.parallel([
    () =>
      executeTool(work, documents, () => {
        retrieve(work, query);
        return DOCUMENTS;
      }),
    () =>
      executeTool(work, web, () => {
        recording.wait(random.vary(1240));
        return WEB_RESULTS;
      }),
  ]);
}

const WEB_RESULTS: Value = [
  {
    title: 'Cabinet systems 2026, price list',
    url: 'https://batteries.example/cabinets',
    snippet: '60 kWh, heated, 23,900 EUR ex works',
  },
  {
    title: 'What a cycle costs',
    url: 'https://offgrid.example/cycles',
    snippet: 'LFP: 6,000 cycles to 80 %, calendar life 12 to 15 years',
  },
];

function retrieve({ recording, random }: AgentAtWork, query: string): void {
  const attributes = {
    'gen_ai.operation.name': 'retrieval',
    'gen_ai.data_source.id': 'hut-library',
    'gen_ai.retrieval.query.text': query,
    'gen_ai.request.top_k': 4,
    'gen_ai.retrieval.documents': JSON.stringify(DOCUMENTS.map(({ id, score }) => ({ id, score }))),
  };
  // The documents were put into the index by another trace: a link, not a parent.
  const links = [
    {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      attributes: { 'link.reason': 'indexed by', documents: 4 },
    },
  ];
  recording.span('retrieval hut-library', { kind: 'client', attributes, links }, () => {
    recording.leaf('embeddings text-embedding-3-small', random.vary(120), {
      kind: 'client',
      scope: CHAT_SCOPE,
      attributes: {
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'text-embedding-3-small',
        'gen_ai.embeddings.dimension.count': 1536,
        'gen_ai.usage.input_tokens': countTokens(query),
      },
    });
    recording.wait(random.vary(3));
    searchIndex(recording, random, query);
    recording.wait(random.vary(3));
  });
}

function searchIndex(recording: Recording, random: Random, query: string): void {
  const attributes = { 'http.request.method': 'POST', 'url.path': '/v1/search', 'http.response.status_code': 200 };
  const options: SpanOptions = { service: 'document-index', scope: INDEX_SCOPE, kind: 'server', attributes };
  recording.span('POST /v1/search', options, (server) => {
    recording.leaf('ann search', random.vary(18), {
      attributes: { 'db.vector.query.top_k': 32, 'index.segments': 7 },
    });
    recording.event(server, 'candidates', { count: 32, 'score.best': 0.873, 'score.worst': 0.512 });
    recording.leaf('rerank cross-encoder', random.vary(74), {
      attributes: { 'gen_ai.operation.name': 'rerank', 'reranker.top_k': 4, 'reranker.query': query },
    });
    recording.leaf('SELECT documents', random.vary(6), {
      kind: 'client',
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT id, title, body FROM documents WHERE id = ANY($1)',
        'db.response.returned_rows': 4,
      },
    });
  });
}

const PAGES = [
  {
    id: 'call_p1',
    url: 'https://batteries.example/cabinets',
    takes: 830,
    text: 'Heated cabinet, 60 kWh: 23,900 EUR ex works. Replacement modules after year 13: 55 % of the price.',
  },
  {
    id: 'call_p2',
    url: 'https://offgrid.example/cycles',
    takes: 460,
    text: 'At one cycle a day and 15 °C the calendar, not the cycles, ends the life of a cell.',
  },
] as const;

function readPages(work: AgentAtWork): void {
  const { recording, random } = work;
  const reads = PAGES.map((page) => ({
    page,
    call: { id: page.id, name: 'fetch_page', arguments: { url: page.url } },
  }));
  const calls = reads.map(({ call }) => call);
  chat(work, 'Two of the pages carry prices. I will read both before I count.', calls);
  const branches = reads.map(({ page, call }) => () => {
    executeTool(work, call, () => {
      recording.leaf('GET', random.vary(page.takes), {
        kind: 'client',
        attributes: {
          'http.request.method': 'GET',
          'url.full': page.url,
          'http.response.status_code': 200,
          'http.response.body.size': 48213,
        },
      });
      return page.text;
    });
  });
  recording.parallel(branches);
}

const SUMS = [
  { id: 'call_c1', expression: '23900 + 23900 * 0.55 + 20 * 90 * 0.4 * 0.35 * 17', value: 41329 },
  { id: 'call_c2', expression: '61000 + 2 * 19500 + 20 * 1400', value: 128000 },
  { id: 'call_c3', expression: '6 * (9.4 + 0.4)', value: 58.8 },
] as const;

function compute(work: AgentAtWork): void {
  const { recording, random } = work;
  const sums = SUMS.map(({ id, expression, value }) => ({
    value,
    call: { id, name: 'calculator', arguments: { expression } },
  }));
  const calls = sums.map(({ call }) => call);
  chat(work, 'Now the sums: battery, hydrogen, and the capacity for six days without sun.', calls);
  const branches = sums.map(({ call, value }) => () => {
    executeTool(work, call, () => {
      recording.wait(random.vary(4));
      return { value };
    });
  });
  recording.parallel(branches);
}

function evaluate({ recording, random }: AgentAtWork, judged: DraftSpan): void {
  const links = [{ traceId: judged.traceId, spanId: judged.spanId, attributes: { 'link.reason': 'evaluates' } }];
  recording.span(
    'evaluate groundedness',
    { attributes: { 'gen_ai.evaluation.name': 'groundedness' }, links },
    (span) => {
      recording.wait(random.vary(210));
      recording.event(span, 'gen_ai.evaluation.result', {
        'gen_ai.evaluation.name': 'groundedness',
        'gen_ai.evaluation.score.value': 0.92,
        'gen_ai.evaluation.score.label': 'grounded',
        'gen_ai.evaluation.explanation': 'Every figure comes from a cited document or from the calculator.',
      });
    },
  );
}
