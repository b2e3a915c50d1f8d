import type { TokenUsage } from '../transforms/agentUsage.ts';
import { exactTokens, formatTokens, type UsagePart, usageParts } from './agentNumbers.ts';
import { messages } from './messages.ts';
import { formatShare } from './spanFacts.ts';

/** Tokens as one bar, split into what they were spent on, with its legend. Nothing where no number is known. */
export function UsageBar({ usage }: { usage: TokenUsage }) {
  const parts = usageParts(usage);
  const total = parts.reduce((sum, part) => sum + part.tokens, 0);
  if (total === 0) return null;
  return (
    <div className="spanscope-usage">
      <SplitBar parts={parts.map(({ of, tokens }) => ({ name: of, value: tokens }))} />
      <ul className="spanscope-legend">
        {parts.map((part) => (
          <UsageItem key={part.of} part={part} total={total} usage={usage} />
        ))}
      </ul>
    </div>
  );
}

function UsageItem({ part, total, usage }: { part: UsagePart; total: number; usage: TokenUsage }) {
  const texts = messages.agent.usage;
  const hasCache = usage.cacheRead !== undefined || usage.cacheWrite !== undefined;
  const name = part.of === 'input' && hasCache ? texts.uncachedInput : texts[part.of];
  return (
    <li title={`${exactTokens(part.tokens)}, ${formatShare(part.tokens, total)}`}>
      <span className="spanscope-legend-mark" data-part={part.of} />
      {name} <bdi className="spanscope-legend-value">{formatTokens(part.tokens)}</bdi>
    </li>
  );
}

export interface SplitBarProps {
  /** Each with its share of the whole; `name` is its `data-part`, by which it is coloured. */
  parts: readonly { readonly name: string; readonly value: number }[];
}

/**
 * One bar cut into shares. An SVG, whose sizes are attributes of its own: markup without `style` attributes. For the eye
 * alone: the legend beside it says the same in words.
 */
export function SplitBar({ parts }: SplitBarProps) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  let x = 0;
  return (
    <svg className="spanscope-split-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ name, value }) => {
        const width = total > 0 ? (value / total) * 1000 : 0;
        const at = x;
        x += width;
        // What is there at all is to be seen.
        return <rect key={name} data-part={name} x={at} y="0" width={Math.max(width, 3)} height="8" />;
      })}
    </svg>
  );
}
