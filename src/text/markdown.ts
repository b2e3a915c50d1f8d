import { absent, formatDuration } from '../layout/duration.ts';
import { formatCost } from '../layout/quantity.ts';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import { toIsoTime } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { RunError } from '../transforms/agentErrors.ts';
import { type AgentRun, agentRun } from '../transforms/agentRun.ts';
import type { Cost, Prices, TokenUsage } from '../transforms/agentUsage.ts';
import { selfTimes } from '../transforms/selfTimes.ts';
import { codeBlock, codeInTable, codeSpan, tableOf } from './markdownCode.ts';

export interface MarkdownOptions {
  /**
   * How many spans are listed by the time that they took themselves.
   * @default 10
   */
  topSpans?: number;
  /**
   * How many iterations are listed; the rest is counted.
   * @default 20
   */
  iterations?: number;
  /** For calls of models whose cost the trace does not say. */
  prices?: Prices;
}

/**
 * What a run came to, as Markdown to paste into an issue: outcome, times, tokens and cost, the first error, iterations, and
 * the spans that took longest. GitHub's tables, no HTML.
 *
 * All that comes out of the trace stands in code, escaped, so that no name makes a link, a mention, markup or a line of
 * its own. Errors longer than 2,000 characters are cut, and say so; names at 120.
 *
 * @returns lines without a line break after the last.
 */
export function toMarkdown(trace: Trace, options: MarkdownOptions = {}): string {
  const { topSpans = 10, iterations = 20, prices } = options;
  const run = agentRun(trace, prices ? { prices } : {});
  const parts = [
    `### ${titleOf(trace, run)}`,
    factsOf(trace, run),
    firstErrorOf(trace, run.errors),
    iterationsOf(run, iterations),
    slowestOf(trace, topSpans),
    notesOf(trace),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

const outcomes: Readonly<Record<AgentRun['outcome']['state'], string>> = {
  succeeded: 'succeeded',
  recovered: 'succeeded, after errors',
  failed: 'failed',
  unfinished: 'is not finished',
  empty: 'is empty',
};

function titleOf(trace: Trace, { outcome }: AgentRun): string {
  const name = trace.spanCount === 0 ? 'Trace' : codeSpan(trace.spanAt(0).name);
  return `${name} ${outcomes[outcome.state]}${outcome.isSoft ? ', with soft failures' : ''}`;
}

const number = new Intl.NumberFormat('en');

function factsOf(trace: Trace, run: AgentRun): string {
  const { status, length } = trace.columns;
  const failed = status.subarray(0, length).reduce((count, code) => count + (code === statusCode.error ? 1 : 0), 0);
  const facts: [string, string][] = [
    ['Trace', codeInTable(trace.traceId)],
    ['Spans', `${number.format(trace.spanCount)}${failed > 0 ? `, ${number.format(failed)} with an error` : ''}`],
  ];
  if (trace.spanCount > 0) {
    facts.push(['Started', startText(trace)], ['Duration', formatDuration(trace.duration)]);
  }
  const services = trace.serviceNames.filter((service) => service !== '' && service !== 'unknown');
  if (services.length > 0) facts.push(['Services', listed(services)]);
  if (run.models.length > 0) facts.push(['Models', listed(run.models.map(({ model }) => model || absent))]);
  if (run.llmCalls.length > 0 || run.toolCalls.length > 0) {
    facts.push([
      'Calls',
      `${number.format(run.llmCalls.length)} of models, ${number.format(run.toolCalls.length)} of tools`,
    ]);
  }
  if (run.usage) facts.push(['Tokens', tokensText(run.usage)]);
  if (run.cost) facts.push(['Cost', costText(run.cost)]);
  return tableOf(['', ''], facts);
}

/** Dates end in the year 275760. */
function startText({ startTimeUnixNano }: Trace): string {
  const isDate = BigInt.asIntN(64, startTimeUnixNano) === startTimeUnixNano;
  return isDate ? toIsoTime(startTimeUnixNano) : `${startTimeUnixNano} ns since 1970`;
}

const mostListed = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - mostListed;
  return names.slice(0, mostListed).map(codeInTable).join(', ') + (rest > 0 ? ` and ${number.format(rest)} more` : '');
}

function tokensText({ total, input, output }: TokenUsage): string {
  const parts = [
    input === undefined ? undefined : `${number.format(input)} in`,
    output === undefined ? undefined : `${number.format(output)} out`,
  ].filter((part) => part !== undefined);
  const sum = total === undefined ? absent : number.format(total);
  return parts.length > 0 ? `${sum} (${parts.join(', ')})` : sum;
}

function costText({ total, isEstimated }: Cost): string {
  return `${formatCost(total)}${isEstimated ? ' (estimated)' : ''}`;
}

function firstErrorOf(trace: Trace, errors: readonly RunError[]): string | undefined {
  const error = errors.find(({ isRecovered }) => !isRecovered) ?? errors[0];
  if (!error) return undefined;
  const { name } = trace.spanAt(error.origin);
  const others = errors.length > 1 ? ` (of ${number.format(errors.length)})` : '';
  const kind = error.type === undefined ? '' : `: ${codeSpan(error.type)}`;
  const reached = error.reached === error.origin ? '' : `, which failed ${codeSpan(trace.spanAt(error.reached).name)}`;
  const recovered = error.isRecovered ? '; the run went on' : '';
  const heading = `**First error**${others} in ${codeSpan(name)}${reached}${recovered}${kind}`;
  return error.message === undefined ? heading : `${heading}\n\n${codeBlock(error.message)}`;
}

function iterationsOf(run: AgentRun, most: number): string | undefined {
  const { iterations } = run;
  if (iterations.length === 0 || most < 1) return undefined;
  const rows = iterations
    .slice(0, most)
    .map((iteration) => [
      String(iteration.number),
      formatDuration(iteration.end - iteration.start),
      iteration.tools.length > 0 ? listed([...new Set(iteration.tools)]) : absent,
      iteration.usage?.total === undefined ? absent : number.format(iteration.usage.total),
      iteration.outcome,
    ]);
  const inferred = iterations.some(({ isInferred }) => isInferred) ? ', inferred from the calls' : '';
  const left = iterations.length - rows.length;
  const table = tableOf(['#', 'Time', 'Tools', 'Tokens', 'Outcome'], rows);
  return `**Iterations** (${number.format(iterations.length)}${inferred})\n\n${table}${left > 0 ? `\n\n… and ${number.format(left)} more` : ''}`;
}

function slowestOf(trace: Trace, most: number): string | undefined {
  if (trace.spanCount === 0 || most < 1) return undefined;
  const own = selfTimes(trace);
  const rows = longest(own, trace.spanCount, most).map((index) => {
    const span = trace.spanAt(index);
    const isFailed = span.status === 'error' ? ', error' : '';
    const whole = span.duration === undefined ? 'open' : formatDuration(span.duration);
    return [
      codeInTable(span.name),
      formatDuration(own[index]!),
      share(own[index]!, trace.duration),
      `${whole}${isFailed}`,
    ];
  });
  return `**Where the time went**, by what each span took itself\n\n${tableOf(['Span', 'Itself', 'Of the trace', 'In all'], rows)}`;
}

/** Rows of the largest values, the largest first: one pass with a short list. */
function longest(values: ArrayLike<number>, length: number, most: number): SpanIndex[] {
  const found: SpanIndex[] = [];
  for (let index = 0; index < length; index++) {
    if (found.length === most && values[index]! <= values[found[most - 1]!]!) continue;
    let at = found.length;
    while (at > 0 && values[found[at - 1]!]! < values[index]!) at--;
    found.splice(at, 0, index);
    if (found.length > most) found.pop();
  }
  return found;
}

function share(part: Nanoseconds, whole: Nanoseconds): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)} %` : absent;
}

function notesOf({ completeness }: Trace): string | undefined {
  if (completeness.complete) return undefined;
  return `**Not whole**\n\n${completeness.reasons.map((reason) => `- ${codeSpan(reason)}`).join('\n')}`;
}
