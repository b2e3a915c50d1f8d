import type { Cost, TokenUsage } from '../transforms/agentUsage.ts';
import { formatCount } from './spanFacts.ts';

/** What stands where nothing is known: absent is not 0. */
export const unknown = '–';

/** `812`, `2.7k`, `128k`, `1.35M`: three digits tell enough beside others; the exact number is for the tooltip. */
export function formatTokens(tokens: number | undefined): string {
  if (tokens === undefined || !Number.isFinite(tokens)) return unknown;
  if (tokens < 999.5) return formatCount(Math.round(tokens));
  if (tokens < 999_500) return `${threeDigits(tokens / 1000)}k`;
  return `${threeDigits(tokens / 1e6)}M`;
}

/** `12,431 tokens` */
export function exactTokens(tokens: number | undefined): string | undefined {
  return tokens === undefined || !Number.isFinite(tokens)
    ? undefined
    : `${formatCount(tokens)} ${tokens === 1 ? 'token' : 'tokens'}`;
}

function threeDigits(value: number): string {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** US dollars with the digits that matter: `$12.40`, `$0.08`, `$0.0043`, `$0.00012`; `$0` for what is free. */
export function formatCost(cost: number | undefined): string {
  if (cost === undefined || !Number.isFinite(cost)) return unknown;
  const amount = Math.abs(cost);
  const sign = cost < 0 ? '−' : '';
  if (amount === 0) return '$0';
  if (amount >= 1000) return `${sign}$${formatCount(Math.round(amount))}`;
  if (amount >= 0.995) return `${sign}$${amount.toFixed(2)}`;
  // Two digits that are not 0, at least whole cents.
  const decimals = Math.min(9, Math.max(2, 1 - Math.floor(Math.log10(amount))));
  const text = amount.toFixed(decimals);
  return `${sign}$${decimals > 2 ? text.replace(/0+$/, '') : text}`;
}

/** A cost as a view shows it: `≈` before what a table of prices gave and no trace says. */
export function costText(cost: Cost | undefined): string {
  if (!cost) return unknown;
  return cost.isEstimated ? `≈ ${formatCost(cost.total)}` : formatCost(cost.total);
}

/** `42 tokens/s` */
export function formatRate(tokensPerSecond: number): string {
  return `${tokensPerSecond < 9.95 ? tokensPerSecond.toFixed(1) : formatCount(Math.round(tokensPerSecond))} tokens/s`;
}

/** In the total, or what input and output make where nobody states it. */
export function totalTokens(usage: TokenUsage | undefined): number | undefined {
  if (!usage) return undefined;
  if (usage.total !== undefined) return usage.total;
  if (usage.input === undefined && usage.output === undefined) return undefined;
  return (usage.input ?? 0) + (usage.output ?? 0);
}

/** One colour of a split bar. */
export interface UsagePart {
  readonly of: 'cacheRead' | 'cacheWrite' | 'input' | 'reasoning' | 'output' | 'unsplit';
  readonly tokens: number;
}

/**
 * A usage cut into parts that do not overlap, in the order in which they are drawn: input includes its cache, output its
 * reasoning, so both are taken out. `unsplit` is what a total has beyond what is known of its parts.
 */
export function usageParts(usage: TokenUsage): UsagePart[] {
  const cacheRead = usage.cacheRead ?? 0;
  const cacheWrite = usage.cacheWrite ?? 0;
  const reasoning = usage.reasoning ?? 0;
  const input = Math.max(0, (usage.input ?? cacheRead + cacheWrite) - cacheRead - cacheWrite);
  const output = Math.max(0, (usage.output ?? reasoning) - reasoning);
  const known = cacheRead + cacheWrite + input + reasoning + output;
  const parts: UsagePart[] = [
    { of: 'cacheRead', tokens: cacheRead },
    { of: 'cacheWrite', tokens: cacheWrite },
    { of: 'input', tokens: input },
    { of: 'reasoning', tokens: reasoning },
    { of: 'output', tokens: output },
    { of: 'unsplit', tokens: Math.max(0, (usage.total ?? known) - known) },
  ];
  return parts.filter(({ tokens }) => tokens > 0);
}
