import type { ToolCall } from './conversation.ts';
import { addAttributes, type DraftSpan, type Value } from './draft.ts';
import { type AgentAtWork, chat, checkpoint, executeTool, httpRequest, type Outcome, step, toolCall } from './genAi.ts';

/** How often the agent asks for the same thing before its budget of steps ends. */
export const LOOP_LENGTH = 17;
export const LOOP_QUERY = 'insurance nail to nail museum transport deductible water damage Norway 2026';

const PAGES = [
  {
    url: 'https://conservation.example/climate/wood',
    text: 'Wood and bone: 45 to 55 % relative humidity, no more than 5 % change in a day.',
  },
  {
    url: 'https://conservation.example/climate/iron',
    text: 'Iron from the sea: under 40 % relative humidity, better under 20 %.',
  },
  {
    url: 'https://packing.example/crates',
    text: 'Crates: 20 mm plywood, closed-cell foam, tilt indicator on two sides.',
  },
  { url: 'https://packing.example/textiles', text: 'Textiles rolled, never folded, acid-free tissue.' },
  { url: 'https://depot.example/opening-hours', text: 'Goods in: 07:30 to 15:00. Ramp height 1.1 m.' },
  { url: 'https://law.example/customs/whalebone', text: 'Whalebone before 1947: certificate needed for export only.' },
  { url: 'https://weather.example/kristiansand/december', text: 'Mean 1.4 °C, 14 days with rain.' },
  { url: 'https://roads.example/e39', text: 'Night closures 7 to 9 December, 22:00 to 05:30.' },
] as const;
/** The one that answers 429 three times. */
const THROTTLED = 3;
const BACKOFF_MS = [1000, 2000, 4000];

/** Reads sources at the same time, looks things up in a handbook, then asks a search engine the same question until it may no longer. */
export function findRequirements(work: AgentAtWork): Outcome {
  let number = 1;
  step(work, number++, () => readPages(work));
  checkpoint(work, 1);
  step(work, number++, () => askHandbook(work));
  checkpoint(work, 2);
  for (let round = 0; round < LOOP_LENGTH; round++) {
    step(work, number++, () => searchAgain(work, round));
    checkpoint(work, number - 1);
  }
  const summary =
    'Climate: 45 to 55 % relative humidity, iron under 40 %. Packing: crates with tilt indicators, textiles rolled. Insurance: not found, the budget of 20 steps is used up.';
  step(work, number, (span) => {
    recordBudgetWarning(work, span);
    const last = chat(work, summary);
    addAttributes(last, { 'gen_ai.response.finish_reasons': ['length'] });
  });
  return { summary };
}

function readPages(work: AgentAtWork): void {
  const { recording } = work;
  const reads = PAGES.map((page) => ({ page, call: toolCall(work, 'fetch_page', { url: page.url, as: 'text' }) }));
  const calls = reads.map(({ call }) => call);
  chat(work, 'Eight pages look useful. I read all of them at once.', calls);
  recording.parallel(
    reads.map(
      ({ page, call }, index) =>
        () =>
          executeTool(work, call, (span) => {
            if (index === THROTTLED) fetchWithBackoff(work, page.url, span);
            else fetchOnce(work, page.url, 200);
            return page.text;
          }),
    ),
  );
}

function fetchOnce(work: AgentAtWork, url: string, status: number, resend = 0): void {
  httpRequest(work, { method: 'GET', url, status, resend }, () =>
    work.recording.wait(work.random.vary(status === 200 ? 410 : 38)),
  );
}

/** 429, 429, 429, 200: each failure is caught, the tool succeeds. */
function fetchWithBackoff(work: AgentAtWork, url: string, span: DraftSpan): void {
  const { recording } = work;
  for (const [attempt, pause] of BACKOFF_MS.entries()) {
    fetchOnce(work, url, 429, attempt);
    recording.exception(span, { type: 'TooManyRequests', message: `429 from ${url}`, escaped: false });
    recording.event(span, 'retry', { attempt: attempt + 1, 'backoff.ms': pause });
    recording.wait(pause);
  }
  fetchOnce(work, url, 200, BACKOFF_MS.length);
}

const QUESTIONS = [
  'crates for figureheads',
  'acclimatisation before opening',
  'who signs the condition report',
] as const;

function askHandbook(work: AgentAtWork): void {
  const { recording } = work;
  const asks = QUESTIONS.map((query) => ({ query, call: toolCall(work, 'search_handbook', { query, top_k: 3 }) }));
  const calls = asks.map(({ call }) => call);
  chat(work, 'Three things are better answered by our own handbook.', calls);
  recording.parallel(
    asks.map(
      ({ query, call }) =>
        () =>
          searchHandbook(work, query, call),
    ),
  );
}

function searchHandbook(work: AgentAtWork, query: string, call: ToolCall): void {
  const { recording, random } = work;
  const found: Value = [
    {
      id: `hb-${random.int(100, 999)}`,
      score: 0.79,
      content: `Handbook on ${query}: see chapter ${random.int(2, 11)}.`,
    },
    {
      id: `hb-${random.int(100, 999)}`,
      score: 0.66,
      content: 'Let crates stand closed for 24 hours after a move in winter.',
    },
  ];
  executeTool(work, call, () => {
    const attributes = {
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.data_source.id': 'handbook',
      'gen_ai.retrieval.query.text': query,
      'gen_ai.retrieval.documents': JSON.stringify(found),
    };
    recording.span('retrieval handbook', { kind: 'client', attributes }, () => {
      recording.leaf('embeddings text-embedding-3-small', random.vary(95), {
        kind: 'client',
        attributes: {
          'gen_ai.operation.name': 'embeddings',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'text-embedding-3-small',
          'gen_ai.usage.input_tokens': Math.ceil(query.length / 4),
        },
      });
      recording.leaf('SELECT handbook_chunks', random.vary(12), {
        service: 'museum-db',
        kind: 'server',
        attributes: {
          'db.system.name': 'postgresql',
          'db.query.text': 'SELECT id, body FROM handbook_chunks ORDER BY embedding <=> $1 LIMIT 3',
        },
      });
    });
    return found;
  });
}

const EXCUSES = [
  'The result is empty. I will search for the insurance terms.',
  'Still nothing. The index may be slow, I will try the same search again.',
  'No results. Perhaps it works now.',
  'I should check once more before I give up.',
] as const;

function searchAgain(work: AgentAtWork, round: number): void {
  const call = toolCall(work, 'web_search', { query: LOOP_QUERY, limit: 5 });
  chat(work, EXCUSES[Math.min(round, EXCUSES.length - 1)] ?? '', [call]);
  executeTool(work, call, () => {
    httpRequest(work, { method: 'GET', url: 'https://search.example/v2/search', status: 200 }, () => {
      work.recording.wait(work.random.vary(290));
    });
    return { results: [], total: 0 };
  });
}

function recordBudgetWarning({ recording }: AgentAtWork, span: DraftSpan): void {
  recording.event(span, 'budget reached', {
    level: 'warn',
    steps: LOOP_LENGTH + 3,
    message: 'Answer now with what you have.',
  });
}
