import { agentRun, errorRun, openRun } from './agentRun.ts';
import { deepChain, dirty, empty, hugeAttribute, manyServices, noRoot, singleSpan, threeTraces } from './edgeCases.ts';
import { hostile } from './hostile.ts';
import { large } from './large.ts';
import { messyRun } from './messyRun.ts';
import { researchOtlp } from './research.ts';
import { services } from './services.ts';
import { emptyObjectText, emptyText, htmlErrorPage, truncatedJson } from './unreadable.ts';

export { agentRun, errorRun, openRun } from './agentRun.ts';
export { deepChain, dirty, empty, hugeAttribute, manyServices, noRoot, singleSpan, threeTraces } from './edgeCases.ts';
export type {
  JaegerFile,
  JaegerSpan,
  JaegerTrace,
  OtlpFile,
  OtlpKeyValue,
  OtlpSpan,
  PlainSpan,
  PlainTrace,
} from './exportShapes.ts';
export { hostile } from './hostile.ts';
export { type LargeFormat, type LargeOptions, type LargeShape, large, largeText } from './large.ts';
export { messyRun } from './messyRun.ts';
export { createRandom, type Random } from './random.ts';
export { researchOtlp } from './research.ts';
export { services } from './services.ts';
export { emptyObjectText, emptyText, htmlErrorPage, truncatedJson } from './unreadable.ts';

/** A trace to look at. `load` makes it anew with every call, and the same each time. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Undefined where no trace can be read. */
  readonly format: 'json' | 'jaeger' | 'otlp' | undefined;
  /** A parsed export, or the text of a file. */
  load(): object | string;
}

/** For viewer and stories, the most telling first. */
export const samples: readonly Sample[] = [
  {
    id: 'agent-run',
    title: 'Agent finds a flight',
    description: 'Five iterations of memory, LLM, decision and tools. All goes well.',
    format: 'json',
    load: agentRun,
  },
  {
    id: 'error-run',
    title: 'Agent fails',
    description: 'The same agent: one of three parallel tools times out, and that ends the run.',
    format: 'json',
    load: errorRun,
  },
  {
    id: 'messy-run',
    title: 'Long, messy run that fails',
    description: 'Three sub-agents, a loop, retries, 41 minutes of waiting for a person, a skewed clock, odd names.',
    format: 'otlp',
    load: messyRun,
  },
  {
    id: 'open-run',
    title: 'Agent still running',
    description: 'Exported while a tool of the third iteration was running.',
    format: 'json',
    load: openRun,
  },
  {
    id: 'research',
    title: 'Research agent with sources',
    description: 'GenAI semantic conventions: chat, tools, retrieval, evaluation, links. Two resources.',
    format: 'otlp',
    load: researchOtlp,
  },
  {
    id: 'services',
    title: 'Checkout through eleven services',
    description: 'HTTP, gRPC, SQL, Redis and Kafka; a payment that is retried; consumers that outlive the request.',
    format: 'jaeger',
    load: services,
  },
  {
    id: 'large-agent',
    title: '10,000 spans of agents',
    description: 'An evaluation of some 70 runs, four at a time.',
    format: 'json',
    load: () => large({ spans: 10_000, shape: 'agent', format: 'json' }),
  },
  {
    id: 'large-services',
    title: '10,000 spans of services',
    description: 'A load test of sixteen users.',
    format: 'jaeger',
    load: () => large({ spans: 10_000, shape: 'services', format: 'jaeger' }),
  },
  {
    id: 'many-services',
    title: 'Sixty services',
    description: 'More services than there are colours.',
    format: 'jaeger',
    load: () => manyServices(),
  },
  {
    id: 'three-traces',
    title: 'Three traces in one file',
    description: 'Two of them have the same span ids.',
    format: 'jaeger',
    load: threeTraces,
  },
  {
    id: 'dirty',
    title: 'Every kind of dirt',
    description:
      'Orphan, cycle, duplicate id, two roots, end before start, and so on: each span says what is wrong with it.',
    format: 'json',
    load: dirty,
  },
  {
    id: 'deep-chain',
    title: '5,000 levels deep',
    description: 'Each span is the only child of the one before.',
    format: 'jaeger',
    load: () => deepChain(),
  },
  {
    id: 'huge-attribute',
    title: 'An attribute of 3 MB',
    description: 'A tool returned a whole log file.',
    format: 'json',
    load: () => hugeAttribute(),
  },
  {
    id: 'hostile',
    title: 'Made to harm its reader',
    description:
      'Script and links in Markdown, images that load something, names that read backwards, deep and long values.',
    format: 'json',
    load: () => hostile(),
  },
  { id: 'no-root', title: 'No root', description: 'The parent was not exported.', format: 'json', load: noRoot },
  { id: 'single-span', title: 'One span', description: 'The smallest trace.', format: 'json', load: singleSpan },
  { id: 'empty', title: 'No spans', description: 'A trace without spans.', format: 'json', load: empty },
  {
    id: 'truncated',
    title: 'Truncated file',
    description: 'An export that broke off.',
    format: undefined,
    load: truncatedJson,
  },
  {
    id: 'html-page',
    title: 'HTML error page',
    description: 'What a proxy answered instead of a trace.',
    format: undefined,
    load: htmlErrorPage,
  },
  {
    id: 'empty-object',
    title: 'Empty object',
    description: 'JSON, but no trace.',
    format: undefined,
    load: emptyObjectText,
  },
  { id: 'empty-text', title: 'Empty file', description: 'Nothing at all.', format: undefined, load: emptyText },
];
