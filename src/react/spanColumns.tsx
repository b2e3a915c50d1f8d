import type { ReactNode } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { AttributeValue } from '../model/details.ts';
import type { Span, Trace } from '../model/trace.ts';
import { queryVocabulary } from '../transforms/queryCompletion.ts';
import { exactTokens, formatCost, formatTokens } from './agentNumbers.ts';
import { isContainer, previewText } from './attributeText.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { auditText } from './RunAudit.tsx';
import type { Spent as SpentFact } from './runFacts.ts';
import { absoluteTime, exactDuration } from './spanFacts.ts';
import type { TraceFacts } from './traceFacts.ts';
import { visibleText } from './visibleText.ts';
import { barLabel } from './waterfallBars.ts';

/** In the order in which they stand unless somebody says otherwise. */
export const spanColumnNames = [
  'service',
  'status',
  'start',
  'duration',
  'self-time',
  'model',
  'tokens',
  'cost',
] as const;

export type SpanColumnName = (typeof spanColumnNames)[number];

/**
 * What may stand in columns of its own between a span's name and its time: a fact that every view knows, `attribute:` and an
 * attribute's key, or a column of the caller's. A view leaves out columns for which it has no room, the last ones first.
 */
export type SpanColumn = SpanColumnName | `attribute:${string}` | OwnSpanColumn;

/** A column of the caller's: of an attribute under another label, or of what a function says. */
export interface OwnSpanColumn {
  /** Tells it from others, in a saved view too. Not one of the names that columns have already. */
  id: string;
  label: string;
  /** An attribute's key, of the span or else of its resource. */
  attribute?: string;
  /** Asked for spans in sight alone. Null or undefined leave the cell empty; one that throws has a mark in its cell. */
  value?: (span: Span) => AttributeValue | undefined;
  /** @default 'end' for numbers of an attribute, else 'start' */
  align?: 'start' | 'end';
  /** In px, until somebody drags it. @default 130 */
  width?: CssPixels;
}

/** A column as it is drawn. */
export interface ColumnForm {
  readonly id: string;
  readonly label: string;
  /** What it holds, in a sentence. */
  readonly title: string;
  readonly width: CssPixels;
  readonly isNumeric: boolean;
  readonly read: (facts: TraceFacts, trace: Trace, index: SpanIndex) => ReactNode;
}

/** Those that have anything to say of a trace: tokens and cost where spans tell them. The model stands beside the name. */
export function usualColumns(facts: TraceFacts): readonly SpanColumn[] {
  if (!facts.agents.isAgentRun) return noColumns;
  const { usage, cost } = facts.agents.run;
  if (usage && cost) return tokensAndCost;
  return usage ? tokensAlone : cost ? costAlone : noColumns;
}

// The same list each time, so that rows are not drawn anew.
export const noColumns: readonly SpanColumn[] = [];
const tokensAndCost: readonly SpanColumn[] = ['tokens', 'cost'];
const tokensAlone: readonly SpanColumn[] = ['tokens'];
const costAlone: readonly SpanColumn[] = ['cost'];

const attributeMark = 'attribute:';

export function columnId(column: SpanColumn): string {
  return typeof column === 'string' ? column : column.id;
}

export function attributeColumn(key: string): SpanColumn {
  return `${attributeMark}${key}`;
}

/** Without the column where it is there, else with it: one that all views know in its usual place, another at the end. */
export function withColumnToggled(columns: readonly SpanColumn[], column: SpanColumn): readonly SpanColumn[] {
  const id = columnId(column);
  const others = columns.filter((each) => columnId(each) !== id);
  if (others.length < columns.length) return others;
  const place = usualPlace(column);
  const before = columns.findIndex((each) => usualPlace(each) > place);
  return before < 0 ? [...columns, column] : columns.toSpliced(before, 0, column);
}

function usualPlace(column: SpanColumn): number {
  const place = (spanColumnNames as readonly SpanColumn[]).indexOf(column);
  return place < 0 ? spanColumnNames.length : place;
}

/** Each once, in the order given; a name that no column has is left out, as a link of a later version may hold one. */
export function columnForms(columns: readonly SpanColumn[], trace: Trace): readonly ColumnForm[] {
  const forms = new Map<string, ColumnForm>();
  for (const column of columns) {
    const form = formOf(column, trace);
    if (form && !forms.has(form.id)) forms.set(form.id, form);
  }
  return [...forms.values()];
}

function formOf(column: SpanColumn, trace: Trace): ColumnForm | undefined {
  if (typeof column !== 'string') return ownForm(column, trace);
  if (column.startsWith(attributeMark)) {
    const key = column.slice(attributeMark.length);
    return ownForm({ id: column, label: visibleText(key.slice(0, 200)), attribute: key }, trace);
  }
  if (!Object.hasOwn(reading, column)) return undefined;
  const id = column as SpanColumnName;
  const { labels, titles } = messages.columns;
  return { id, label: labels[id], title: titles[id], ...reading[id] };
}

function ownForm({ id, label, attribute, value, align, width = 130 }: OwnSpanColumn, trace: Trace): ColumnForm {
  const isNumeric = align ? align === 'end' : attribute !== undefined && isNumericAttribute(trace, attribute);
  return {
    id,
    label,
    title: attribute === undefined ? label : messages.columns.attributeTitle(visibleText(attribute.slice(0, 200))),
    width,
    isNumeric,
    read: (_, trace, index) => {
      let found: AttributeValue | undefined;
      try {
        found = value ? value(trace.spanAt(index)) : attributeAt(trace, index, attribute ?? id);
      } catch (error) {
        return <Fault error={error} />;
      }
      return found === undefined || found === null || found === '' ? null : <Value value={found} />;
    },
  };
}

/** The span's own, or its resource's. Own properties only: a key `toString` is not everybody's. */
function attributeAt(trace: Trace, index: SpanIndex, key: string): AttributeValue | undefined {
  const { attributes, resource } = trace.detailsAt(index);
  if (Object.hasOwn(attributes, key)) return attributes[key];
  return Object.hasOwn(resource, key) ? resource[key] : undefined;
}

/** As far as a look at some spans tells. */
function isNumericAttribute(trace: Trace, key: string): boolean {
  const values = queryVocabulary(trace).attributes.get(key);
  return (
    values !== undefined && values.length > 0 && values.every((text) => text !== '' && Number.isFinite(Number(text)))
  );
}

/** A cell is a hundred pixels wide: of a long text the beginning is enough. */
const longestText = 300;

function Value({ value }: { value: AttributeValue }) {
  const whole =
    value instanceof Uint8Array
      ? messages.columns.bytes(value.length)
      : isContainer(value)
        ? previewText(value)
        : String(value);
  const text = visibleText(whole.slice(0, longestText));
  return (
    <bdi title={text} data-number={typeof value === 'number' || typeof value === 'bigint' || undefined}>
      {text}
    </bdi>
  );
}

function Fault({ error }: { error: unknown }) {
  const text = messages.columns.fault(error instanceof Error ? error.message : String(error));
  return (
    <span className="spanscope-column-fault" title={text}>
      <Icon name="warning" />
      <span className="spanscope-visually-hidden">{text}</span>
    </span>
  );
}

type Reading = Pick<ColumnForm, 'width' | 'isNumeric' | 'read'>;

const reading: Readonly<Record<SpanColumnName, Reading>> = {
  service: {
    width: 120,
    isNumeric: false,
    read: (_, trace, index) => {
      const { serviceName } = trace.spanAt(index);
      return serviceName === '' ? null : <Value value={serviceName} />;
    },
  },
  status: {
    width: 76,
    isNumeric: false,
    read: (_, trace, index) => <Status span={trace.spanAt(index)} />,
  },
  start: {
    width: 84,
    isNumeric: true,
    read: (_, trace, index) => {
      const { startTimeUnixNano } = trace.spanAt(index);
      const title = startTimeUnixNano === undefined ? undefined : absoluteTime(startTimeUnixNano);
      return <bdi title={title}>{formatDuration(trace.columns.start[index])}</bdi>;
    },
  },
  duration: {
    width: 84,
    isNumeric: true,
    read: (_, trace, index) => <bdi title={exactDuration(trace.columns.duration[index])}>{barLabel(trace, index)}</bdi>,
  },
  'self-time': {
    width: 84,
    isNumeric: true,
    read: (facts, _, index) => {
      const time = facts.selfTimes[index];
      return <bdi title={exactDuration(time)}>{formatDuration(time)}</bdi>;
    },
  },
  model: {
    width: 132,
    isNumeric: false,
    read: (facts, _, index) => {
      const model = facts.agents.modelOf(index);
      return model === undefined ? null : <bdi title={model}>{visibleText(model.slice(0, 200))}</bdi>;
    },
  },
  tokens: { width: 72, isNumeric: true, read: (facts, _, index) => spentCell(facts, index, 'tokens') },
  cost: { width: 90, isNumeric: true, read: (facts, _, index) => spentCell(facts, index, 'cost') },
};

function Status({ span }: { span: Span }) {
  const { status } = span;
  if (status === 'unset') return <span data-quiet="">–</span>;
  // The message is in the span's details, which are read for rows in sight alone.
  const text = messages.details.status[status];
  const message = status === 'error' ? span.statusMessage : undefined;
  return (
    <span
      className="spanscope-column-status"
      data-status={status}
      title={message ? visibleText(message.slice(0, longestText)) : text}
    >
      <Icon name={status} />
      {text}
    </span>
  );
}

/** A span's own tokens or cost, or Σ and quiet where it is the sum of its subtree. */
function spentCell(facts: TraceFacts, index: SpanIndex, of: 'tokens' | 'cost'): ReactNode {
  const found = facts.agents.spent(index, of);
  if (!found) return null;
  const { value, isSum, isEstimated } = found;
  const text = of === 'tokens' ? formatTokens(value) : `${isEstimated ? '≈ ' : ''}${formatCost(value)}`;
  const exact = of === 'tokens' ? exactTokens(value)! : `$${value}`;
  const audit = facts.agents.auditOf(index, of);
  return (
    <bdi
      data-sum={isSum || undefined}
      data-incomplete={audit?.verdict === 'incomplete' || undefined}
      title={audit ? messages.run.audit.ofSpan(auditText(audit)) : spentTitle(exact, found, of)}
    >
      {isSum && <span className="spanscope-sum-sign">Σ </span>}
      {text}
      {of === 'tokens' && <span className="spanscope-visually-hidden"> {messages.agent.tokens.toLowerCase()}</span>}
    </bdi>
  );
}

function spentTitle(exact: string, { isSum, isEstimated }: SpentFact, of: 'tokens' | 'cost'): string {
  const texts = messages.run;
  if (!isSum) return isEstimated ? texts.estimated : exact;
  if (of === 'tokens') return texts.subtreeTokens(exact);
  return isEstimated ? texts.estimatedSum(exact) : texts.subtreeCost(exact);
}
