import { formatDuration } from '../layout/duration.ts';
import type { MergedFlameGraphLayout } from '../layout/mergedFlameGraph.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { SpanIndex } from '../model/columns.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import type { BlockIndex } from './flameForm.ts';
import { blockName } from './flameSpoken.ts';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { formatShare } from './spanFacts.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** What the tooltip says of a span. */
export function SpanFlameFacts({ index }: { index: SpanIndex }) {
  const { trace, facts } = useTraceViewContext();
  const span = trace!.spanAt(index);
  const kind = facts!.kind(index);
  const texts = messages.flameGraph;
  const parent = span.parent;
  const length = (at: SpanIndex) => spanEnd(trace!, at) - spanStart(trace!, at);
  const shareOfParent = parent && formatShare(length(index), length(parent.index));
  return (
    <>
      <div className="spanscope-flame-tooltip-title" data-color={facts!.color(index)}>
        <KindIcon kind={kind} />
        <span dir="auto">{shortened(span.name) || messages.rows.unnamed}</span>
      </div>
      <dl>
        <Fact name={texts.duration}>
          {span.duration === undefined ? messages.rows.open : formatDuration(span.duration)}
        </Fact>
        <Fact name={texts.selfTime}>{formatDuration(facts!.selfTimes[index])}</Fact>
        <Fact name={texts.share}>{formatShare(length(index), trace!.duration)}</Fact>
        <Fact name={texts.shareOfParent}>{shareOfParent}</Fact>
        <Fact name={texts.start}>{formatDuration(spanStart(trace!, index))}</Fact>
        <UsageFacts tokens={facts!.usageAtHand?.tokens[index]} cost={facts!.usageAtHand?.cost[index]} />
        <Fact name={texts.service}>{span.serviceName}</Fact>
        <Fact name={texts.kind}>{messages.details.agentKinds[kind] || texts.kinds[span.kind]}</Fact>
      </dl>
      {span.status === 'error' && <ErrorLine text={shortened(span.statusMessage ?? '') || messages.rows.error} />}
      {facts!.errorCounts[index]! > 0 && <ErrorLine text={messages.rows.errorsBelow(facts!.errorCounts[index]!)} />}
    </>
  );
}

export interface BlockFlameFactsProps {
  layout: MergedFlameGraphLayout;
  block: BlockIndex;
  /** Whether the weight is told by another line anyway. */
  isToldAnyway: boolean;
  formatWeight: (weight: number) => string;
}

/** What the tooltip says of spans merged into one block. */
export function BlockFlameFacts({ layout, block, isToldAnyway, formatWeight }: BlockFlameFactsProps) {
  const { trace, facts } = useTraceViewContext();
  const texts = messages.flameGraph;
  const isOther = layout.folded[block]! > 0;
  const span = trace!.spanAt(layout.longestSpan[block]!);
  const kind = isOther ? 'other' : facts!.kind(span.index);
  const count = layout.count[block]!;
  const total = layout.totalTime[block]!;
  const weight = layout.weight[block]!;
  const parent = layout.parent[block]!;
  const usage = facts!.usageAtHand && usageOf(layout, block, facts!.usageAtHand);
  const services = isOther ? [] : servicesOf(layout, block);
  return (
    <>
      <div className="spanscope-flame-tooltip-title" data-color={isOther ? undefined : facts!.color(span.index)}>
        <KindIcon kind={kind} />
        <span dir="auto">{shortened(blockName(layout, block))}</span>
      </div>
      <dl>
        <Fact name={texts.count}>{count > 1 ? count.toLocaleString('en') : undefined}</Fact>
        <Fact name={texts.weight}>{isToldAnyway ? undefined : formatWeight(weight)}</Fact>
        <Fact name={count > 1 ? texts.total : texts.duration}>{formatDuration(total)}</Fact>
        <Fact name={texts.selfTime}>{formatDuration(layout.selfTime[block])}</Fact>
        <Fact name={texts.average}>{count > 1 && !isOther ? formatDuration(total / count) : undefined}</Fact>
        <Fact name={texts.shareOfAll}>{formatShare(weight, layout.totalWeight)}</Fact>
        <Fact name={texts.shareOfParent}>{parent < 0 ? undefined : formatShare(weight, layout.weight[parent]!)}</Fact>
        <UsageFacts tokens={usage?.tokens} cost={usage?.cost} />
        <Fact name={texts.service}>{services.join(', ')}</Fact>
        <Fact name={texts.kind}>{messages.details.agentKinds[kind] || (isOther ? '' : texts.kinds[span.kind])}</Fact>
      </dl>
      {layout.errors[block]! > 0 && <ErrorLine text={messages.traceView.errors(layout.errors[block]!)} />}
    </>
  );
}

function UsageFacts({ tokens, cost }: { tokens: number | undefined; cost: number | undefined }) {
  const texts = messages.flameGraph;
  return (
    <>
      <Fact name={texts.tokenCount}>{isKnown(tokens) ? formatQuantity(tokens) : undefined}</Fact>
      <Fact name={texts.cost}>{isKnown(cost) ? formatCost(cost) : undefined}</Fact>
    </>
  );
}

function ErrorLine({ text }: { text: string }) {
  return (
    <p className="spanscope-flame-tooltip-error">
      <Icon name="error" />
      <span dir="auto">{text}</span>
    </p>
  );
}

function Fact({ name, children }: { name: string; children: string | undefined }) {
  return children ? (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;
}

/** What a block's spans used with all below them. Walks the spans once: asked of one block at a time. */
function usageOf(
  layout: MergedFlameGraphLayout,
  block: BlockIndex,
  usage: { tokens: Float64Array; cost: Float64Array },
) {
  const { parent } = layout.trace.columns;
  let tokens = Number.NaN;
  let cost = Number.NaN;
  for (let index = 0; index < layout.blockOf.length; index++) {
    if (layout.blockOf[index] !== block) continue;
    const above = parent[index]!;
    // `other` holds whole subtrees.
    if (above >= 0 && layout.blockOf[above] === block) continue;
    if (isKnown(usage.tokens[index])) tokens = (tokens || 0) + usage.tokens[index]!;
    if (isKnown(usage.cost[index])) cost = (cost || 0) + usage.cost[index]!;
  }
  return { tokens, cost };
}

/** At most three names; a block may hold spans of many services. */
function servicesOf(layout: MergedFlameGraphLayout, block: BlockIndex): string[] {
  const { service, serviceNames } = layout.trace.columns;
  const found = new Set<number>();
  for (let index = 0; index < layout.blockOf.length && found.size < 4; index++) {
    if (layout.blockOf[index] === block) found.add(service[index]!);
  }
  const names = [...found].slice(0, 3).map((place) => serviceNames[place]!);
  return found.size > 3 ? [...names, '…'] : names.filter(Boolean);
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

function shortened(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
