'use client';

import { formatDuration } from '../layout/duration.ts';
import type { AgentSpan } from '../transforms/agentSpan.ts';
import { costText, exactTokens, formatCost, formatRate, formatTokens, totalTokens } from './agentNumbers.ts';
import { valueText } from './attributeText.ts';
import { SubHeading } from './DetailSection.tsx';
import { messages } from './messages.ts';
import { Fact } from './SpanFactList.tsx';
import { exactDuration } from './spanFacts.ts';
import { UsageBar } from './UsageBar.tsx';
import { visibleText } from './visibleText.ts';

/** What a call used, in numbers: tokens as a split bar, cost, time to the first token, speed. Nothing where none is known. */
export function AgentNumbers({ agent }: { agent: AgentSpan }) {
  const { usage, cost, timeToFirstToken, tokensPerSecond } = agent;
  const texts = messages.agent;
  const total = totalTokens(usage);
  if (total === undefined && !cost && timeToFirstToken === undefined) return null;
  const isSplitCost = cost?.input !== undefined && cost.output !== undefined;
  return (
    <section className="spanscope-agent-numbers">
      <SubHeading className="spanscope-visually-hidden">{texts.numbers}</SubHeading>
      <dl className="spanscope-stats">
        {total !== undefined && (
          <Stat label={texts.tokens} title={exactTokens(total)}>
            {formatTokens(total)}
          </Stat>
        )}
        {cost && (
          <Stat
            label={cost.isEstimated ? texts.estimatedCost : texts.cost}
            title={isSplitCost ? texts.costParts(formatCost(cost.input), formatCost(cost.output)) : undefined}
          >
            {costText(cost)}
          </Stat>
        )}
        {timeToFirstToken !== undefined && (
          <Stat label={texts.firstToken} title={exactDuration(timeToFirstToken)}>
            {formatDuration(timeToFirstToken)}
          </Stat>
        )}
        {tokensPerSecond !== undefined && <Stat label={texts.speed}>{formatRate(tokensPerSecond)}</Stat>}
      </dl>
      {usage && <UsageBar usage={usage} />}
    </section>
  );
}

interface StatProps {
  label: string;
  title?: string | undefined;
  children: string;
}

function Stat({ label, title, children }: StatProps) {
  return (
    <div className="spanscope-stat" title={title}>
      <dt>{label}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}

/** Who answered and how it was asked: model, provider, parameters, session. */
export function AgentFactList({ agent }: { agent: AgentSpan }) {
  const texts = messages.agent;
  const { requestModel, responseModel, parameters, tags } = agent;
  const isOtherModel = requestModel !== undefined && responseModel !== undefined && requestModel !== responseModel;
  const rows: (readonly [label: string, value: string | undefined])[] = [
    [texts.agentName, agent.agentName],
    [texts.model, agent.model],
    [texts.askedModel, isOtherModel ? requestModel : undefined],
    [texts.provider, agent.provider],
    [texts.framework, agent.framework],
    [texts.finishReason, agent.finishReason],
    ...Object.keys(parameters).map((key) => [key, valueText(parameters[key]!)] as const),
    [texts.dataSource, agent.dataSource],
    [texts.session, agent.session],
    [texts.user, agent.user],
    [texts.tags, tags.length > 0 ? tags.join(', ') : undefined],
    [texts.contentReference, agent.contentReference],
  ];
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  if (known.length === 0) return null;
  return (
    <dl className="spanscope-fields">
      {known.map(([label, value], at) => (
        <Fact
          // biome-ignore lint/suspicious/noArrayIndexKey: a parameter may be called as one of the facts is
          key={at}
          label={label}
          copy={{ text: value, label: texts.copyFact(label) }}
        >
          <bdi>{visibleText(value.length > 2000 ? `${value.slice(0, 2000)}…` : value)}</bdi>
        </Fact>
      ))}
    </dl>
  );
}

/** Whether `AgentFactList` has anything to say. */
export function hasAgentFacts(agent: AgentSpan): boolean {
  return (
    [agent.agentName, agent.model, agent.provider, agent.finishReason, agent.session, agent.user].some(Boolean) ||
    agent.contentReference !== undefined ||
    agent.dataSource !== undefined ||
    agent.tags.length > 0 ||
    Object.keys(agent.parameters).length > 0
  );
}
