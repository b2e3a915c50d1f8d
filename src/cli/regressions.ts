import { formatDuration } from '../layout/duration.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { ComparedTotals } from '../transforms/compareTraces.ts';
import { UsageError } from './usageError.ts';

const measures = ['time', 'tokens', 'cost', 'errors', 'spans'] as const;
type Measure = (typeof measures)[number];

/** How much more of something is let pass: a share of what it was, or so much (ns, tokens, US dollars, number). */
export interface RegressionLimit {
  readonly measure: Measure;
  readonly share?: number;
  readonly amount?: number;
  /** As it was written. */
  readonly text: string;
}

/**
 * `10%`, `500ms`, `tokens=5%`, `errors=0`, several with commas.
 *
 * @throws UsageError
 */
export function regressionLimits(text: string | undefined): RegressionLimit[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const [, measure = 'time', value = ''] = /^\s*(?:([a-z]+)=)?(.*?)\s*$/s.exec(part)!;
    const limit = isMeasure(measure) ? limitOf(measure, value, part.trim()) : undefined;
    if (limit) return limit;
    throw new UsageError(
      `--fail-over takes 10%, 500ms or ${measures.map((name) => `${name}=…`).join(', ')} with a share or a number, and not “${part}”.`,
    );
  });
}

function isMeasure(text: string): text is Measure {
  return (measures as readonly string[]).includes(text);
}

function limitOf(measure: Measure, value: string, text: string): RegressionLimit | undefined {
  const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?)\s*(%|[a-zµ]*)$/.exec(value) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  if (unit === '%') return { measure, share: number / 100, text };
  if (measure !== 'time') return unit === '' ? { measure, amount: number, text } : undefined;
  const nanoseconds = units.get(unit);
  return nanoseconds === undefined ? undefined : { measure, amount: number * nanoseconds, text };
}

const units = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['min', 60e9],
  ['h', 3600e9],
]);

/** What passes its limit, a sentence each. */
export function regressionsOf(
  before: ComparedTotals,
  after: ComparedTotals,
  limits: readonly RegressionLimit[],
): string[] {
  return limits.flatMap(({ measure, share, amount, text }) => {
    const { of, format } = facts[measure];
    const [was, is] = [before[of] ?? 0, after[of] ?? 0];
    const most = share === undefined ? amount! : was * share;
    // Costs are sums, which differ in their last digits.
    if (is - was <= most + 1e-12) return [];
    return [`${measure} went from ${format(was)} to ${format(is)}, more than ${text} over`];
  });
}

const facts: Readonly<Record<Measure, { of: keyof ComparedTotals; format(value: number): string }>> = {
  time: { of: 'duration', format: formatDuration },
  tokens: { of: 'tokens', format: formatQuantity },
  cost: { of: 'cost', format: formatCost },
  errors: { of: 'errors', format: formatQuantity },
  spans: { of: 'spans', format: formatQuantity },
};
