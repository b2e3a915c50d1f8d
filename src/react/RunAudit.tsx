'use client';

import { useId, useState } from 'react';
import type { Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import type { AuditLine } from '../transforms/agentTotals.ts';
import { ShowMore } from './AttributeTable.tsx';
import { exactTokens, formatCost } from './agentNumbers.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { visibleText } from './visibleText.ts';

const linesAtOnce = 20;

/** What is worth a look comes first: where numbers disagree. */
const verdictOrder: Readonly<Record<AuditLine['verdict'], number>> = {
  incomplete: 0,
  partial: 1,
  separate: 2,
  repeated: 3,
};

/** How the sums of a run came about, folded: a line for each span that speaks for what lies below it too. */
export function RunAudit({ trace, audit }: { trace: Trace; audit: readonly AuditLine[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const contentId = useId();
  if (audit.length === 0) return null;
  const texts = messages.run.audit;
  const incomplete = audit.filter(({ verdict }) => verdict === 'incomplete').length;
  return (
    <div className="spanscope-run-audit">
      <button
        type="button"
        className="spanscope-fold"
        aria-expanded={isOpen}
        aria-controls={contentId}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="chevron" />
        {texts.title}
        {incomplete > 0 && (
          <span className="spanscope-audit-mark" title={messages.run.spanIncomplete}>
            <Icon name="warning" />
            {texts.incomplete(incomplete)}
          </span>
        )}
      </button>
      <div id={contentId} hidden={!isOpen}>
        {isOpen && <AuditLines trace={trace} audit={audit} />}
      </div>
    </div>
  );
}

function AuditLines({ trace, audit }: { trace: Trace; audit: readonly AuditLine[] }) {
  const { select } = useTraceViewContext();
  const [limit, setLimit] = useState(linesAtOnce);
  const texts = messages.run.audit;
  const lines = [...audit].sort((a, b) => verdictOrder[a.verdict] - verdictOrder[b.verdict] || a.span - b.span);
  return (
    <>
      <p>{texts.rule}</p>
      <ul>
        {lines.slice(0, limit).map((line) => {
          const span = trace.spanAt(line.span);
          return (
            <li key={`${line.span} ${line.measure}`} data-verdict={line.verdict}>
              <button
                type="button"
                className="spanscope-link"
                onClick={(event) => select(span.key, { reason: 'link', event: event.nativeEvent })}
              >
                <bdi>{visibleText(agentLabel(span).slice(0, 80)) || messages.rows.unnamed}</bdi>
              </button>{' '}
              {auditText(line)}
            </li>
          );
        })}
      </ul>
      <ShowMore rest={lines.length - limit} step={linesAtOnce} onMore={() => setLimit(limit + linesAtOnce)} />
    </>
  );
}

/** `says 29,899 tokens, all below it 29,899 tokens: counted once` */
export function auditText({ measure, own, nested, counted, verdict }: AuditLine): string {
  const text = (value: number) => (measure === 'tokens' ? exactTokens(value)! : formatCost(value));
  return messages.run.audit.verdicts[verdict](text(own), text(nested), text(counted));
}
