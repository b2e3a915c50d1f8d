'use client';

import { type ReactNode, useMemo } from 'react';
import type { Attributes, InstrumentationScope } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import type { AgentKind } from '../transforms/agentKind.ts';
import type { AgentSpan } from '../transforms/agentSpan.ts';
import { AgentContent, type AgentSectionName, type SpanContentProps } from './AgentContent.tsx';
import { AgentNumbers } from './AgentFacts.tsx';
import { AttributeTable } from './AttributeTable.tsx';
import { jsonText } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { DetailSection } from './DetailSection.tsx';
import { useDetails } from './DetailsContext.tsx';
import { messages } from './messages.ts';
import { EventList, LinkList } from './SpanEvents.tsx';
import { SpanFactList } from './SpanFactList.tsx';
import { SpanErrors, SpanOddities, SpanSoftFailure } from './SpanProblems.tsx';
import { SpanSource, sourceText, withoutBaggage } from './SpanSource.tsx';
import type { TraceViewStateProps } from './TraceProvider.tsx';

type SectionName =
  | AgentSectionName
  | 'attributes'
  | 'baggage'
  | 'events'
  | 'links'
  | 'resource'
  | 'scope'
  | 'completeness'
  | 'source';

/**
 * Which sections the reader has opened or folded, by name. It outlives the span: who folds a section does not want to see
 * it of the next one either.
 */
export type Folding = Partial<Readonly<Record<SectionName, boolean>>>;

export type SpanContentRenderers = Partial<Readonly<Record<AgentKind, (props: SpanContentProps) => ReactNode>>>;

const foldedAtFirst: ReadonlySet<SectionName> = new Set([
  'resource',
  'scope',
  'source',
  'toolDefinitions',
  'documentsBefore',
]);

export interface SpanSectionsProps {
  agent: AgentSpan;
  folding: Folding;
  onFold: (name: SectionName, isOpen: boolean) => void;
  onOpenTrace: TraceViewStateProps['onOpenTrace'];
  renderers: SpanContentRenderers | undefined;
}

/** The sections that have something to say: what went wrong, what it means, then all that the source has of it. */
export function SpanSections({ agent, folding, onFold, onOpenTrace, renderers }: SpanSectionsProps) {
  const { trace, facts, follow } = useDetails();
  const { span } = agent;
  const { attributes, baggage, events, links, resource, scope } = useMemo(() => detailsOf(span), [span]);
  const copySource = <CopyButton text={() => sourceText(span)} label={messages.details.copySource} />;
  // What the attributes of a conversation say has been read by then.
  const isFolded = (name: SectionName) =>
    foldedAtFirst.has(name) || (name === 'attributes' && holdsConversation(agent));
  const section = (name: SectionName) => ({
    title: sectionTitle(name),
    isOpen: folding[name] ?? !isFolded(name),
    onOpenChange: (isOpen: boolean) => onFold(name, isOpen),
  });
  const standard = <AgentContent agent={agent} section={section} />;
  return (
    <div className="spanscope-details-body">
      <SpanErrors span={span} />
      <SpanSoftFailure span={span} failure={agent.softFailure} />
      <SpanOddities span={span} />
      <AgentNumbers agent={agent} />
      {renderers?.[agent.kind]?.({ span, agent, standard }) ?? standard}
      <SpanFactList trace={trace} facts={facts} span={span} onSelect={follow} />
      <AttributeSection {...section('attributes')} attributes={attributes} />
      <AttributeSection {...section('baggage')} attributes={baggage} />
      {events.length > 0 && (
        <DetailSection {...section('events')} count={events.length}>
          <EventList events={events} spanStart={span.start} />
        </DetailSection>
      )}
      {links.length > 0 && (
        <DetailSection {...section('links')} count={links.length}>
          <LinkList links={links} trace={trace} onSelect={follow} onOpenTrace={onOpenTrace} />
        </DetailSection>
      )}
      <AttributeSection {...section('resource')} attributes={resource} />
      {scope && <AttributeSection {...section('scope')} attributes={scopeFields(scope)} />}
      {!trace.completeness.complete && (
        <DetailSection {...section('completeness')}>
          <ul className="spanscope-reasons">
            {trace.completeness.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection {...section('source')} actions={copySource}>
        <SpanSource span={span} />
      </DetailSection>
    </div>
  );
}

function sectionTitle(name: SectionName): string {
  if (name === 'model') return messages.agent.modelSection;
  return name in messages.details
    ? (messages.details[name as 'attributes'] as string)
    : (messages.agent[name as AgentSectionName] as string);
}

function holdsConversation(agent: AgentSpan): boolean {
  return agent.kind === 'llm' && (agent.input.length > 0 || agent.output.length > 0);
}

interface AttributeSectionProps {
  title: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  attributes: Attributes;
}

function AttributeSection({ attributes, ...section }: AttributeSectionProps) {
  const count = Object.keys(attributes).length;
  if (count === 0) return null;
  const copyAll = <CopyButton text={() => jsonText(attributes)} label={messages.details.copyAll(section.title)} />;
  return (
    <DetailSection {...section} count={count} actions={copyAll}>
      <AttributeTable attributes={attributes} />
    </DetailSection>
  );
}

/** Read once for each span: a source may make new objects each time it is asked. */
function detailsOf(span: Span) {
  const { events, links, resource, scope } = span;
  return { ...withoutBaggage(span), events, links, resource, scope };
}

function scopeFields({ name, version, attributes }: InstrumentationScope): Attributes {
  const texts = messages.details;
  return {
    ...(name === '' ? {} : { [texts.scopeName]: name }),
    ...(version === undefined || version === '' ? {} : { [texts.scopeVersion]: version }),
    ...attributes,
  };
}
