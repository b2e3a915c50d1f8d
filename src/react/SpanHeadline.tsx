import { formatDuration } from '../layout/duration.ts';
import type { Span } from '../model/trace.ts';
import type { AgentSpan } from '../transforms/agentSpan.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { exactDuration } from './spanFacts.ts';
import { visibleText } from './visibleText.ts';

/** The first line below a span's name: how it ended, how long it took, which model. */
export function SpanHeadline({ span, agent }: { span: Span; agent: AgentSpan }) {
  const texts = messages.details;
  const { model } = agent;
  const isSoft = span.status !== 'error' && agent.softFailure !== undefined;
  return (
    <div className="spanscope-details-state">
      {isSoft ? (
        <span className="spanscope-status" data-status="soft">
          <Icon name="warning" />
          {messages.agent.softFailure}
        </span>
      ) : (
        <span className="spanscope-status" data-status={span.status}>
          <Icon name={span.status} />
          {texts.status[span.status]}
        </span>
      )}
      {span.duration === undefined ? (
        <span className="spanscope-status" data-status="open">
          <Icon name="open" />
          {texts.open}
        </span>
      ) : (
        <span title={exactDuration(span.duration)}>{formatDuration(span.duration)}</span>
      )}
      {model !== undefined && <span className="spanscope-headline-model">{visibleText(model.slice(0, 200))}</span>}
    </div>
  );
}
