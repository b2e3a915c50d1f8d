'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, useMemo, useRef, useState } from 'react';
import type { Trace } from '../model/trace.ts';
import { queryVocabulary } from '../transforms/queryCompletion.ts';
import type { SpanGrouping } from '../transforms/spanGroups.ts';
import { classes } from './classes.ts';
import { Icon } from './icons.tsx';
import { GroupTable, type TableControls, type TableRowsProps } from './SpanTableGroups.tsx';
import { SpanRowsTable } from './SpanTableSpans.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { tableTexts as texts } from './tableTexts.ts';
import { useMergedRef } from './useMergedRef.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { visibleText } from './visibleText.ts';

export interface SpanTableProps extends TraceSourceProps, TraceViewStateProps {
  /** What makes the rows to begin with. @default 'name' */
  defaultGroupBy?: SpanGrouping;
  /** A second level below it. @default none */
  defaultThenBy?: SpanGrouping;
  /** `spans`: a row for each span, with the view's columns. @default 'groups' */
  defaultRows?: 'groups' | 'spans';
  /** Styled by `.spanscope-span-table`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * What a trace is made of: its spans by name, service, kind, model, tool or an attribute, with what they came to; or a row for
 * each span. A group that is chosen becomes the query of the other views; both save as CSV.
 */
export const SpanTable = forwardRef<HTMLDivElement, SpanTableProps>(function SpanTable(props, ref) {
  return (
    <TraceScope {...props}>
      <TableFrame {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function TableFrame(props: SpanTableProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace, facts } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={useMergedRef(rootRef, props.forwardedRef)}
      className={classes('spanscope spanscope-span-table', props.className)}
      style={props.style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {trace && facts && trace.spanCount > 0 ? (
          <>
            <CompletenessNote />
            <TableBody {...props} trace={trace} facts={facts} rootRef={rootRef} />
          </>
        ) : (
          <ViewStates />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

type TableBodyProps = SpanTableProps & Pick<TableRowsProps, 'trace' | 'facts' | 'rootRef'>;

function TableBody({ defaultGroupBy = 'name', defaultThenBy, defaultRows = 'groups', ...props }: TableBodyProps) {
  const [rows, setRows] = useState(defaultRows);
  const [groupBy, setGroupBy] = useState<SpanGrouping>(defaultGroupBy);
  const [thenBy, setThenBy] = useState<SpanGrouping | undefined>(defaultThenBy);
  const [search, setSearch] = useState('');
  const controls: TableControls = (count, found, save, more) => (
    <div className="spanscope-table-controls" role="group" aria-label={texts.controls}>
      <select
        className="spanscope-flame-select"
        aria-label={texts.show}
        value={rows}
        onChange={(event) => {
          setRows(event.target.value as typeof rows);
          setSearch('');
        }}
      >
        <option value="groups">{texts.modes.groups}</option>
        <option value="spans">{texts.modes.spans}</option>
      </select>
      {rows === 'groups' && (
        <>
          <GroupingSelect
            label={texts.groupBy}
            trace={props.trace}
            value={groupBy}
            onChange={(by) => setGroupBy(by!)}
          />
          <GroupingSelect label={texts.thenBy} trace={props.trace} value={thenBy} onChange={setThenBy} hasNone />
        </>
      )}
      <input
        type="search"
        value={search}
        placeholder={texts.search(count, rows)}
        aria-label={texts.search(count, rows)}
        onChange={(event) => setSearch(event.target.value)}
      />
      <span role="status" className="spanscope-table-found">
        {found === count ? '' : texts.found(found, count)}
      </span>
      {more}
      <button type="button" className="spanscope-text-button" title={texts.saveTitle} onClick={save}>
        <Icon name="save" />
        {texts.save}
      </button>
    </div>
  );
  return rows === 'groups' ? (
    <GroupTable {...props} groupBy={groupBy} thenBy={thenBy} search={search} controls={controls} />
  ) : (
    <SpanRowsTable {...props} search={search} controls={controls} />
  );
}

const groupings = ['name', 'service', 'kind', 'agentKind', 'model', 'tool'] as const;
const mostAttributes = 60;
const attributeMark = 'attribute:';

interface GroupingSelectProps {
  label: string;
  trace: Trace;
  value: SpanGrouping | undefined;
  onChange: (by: SpanGrouping | undefined) => void;
  hasNone?: boolean;
}

function GroupingSelect({ label, trace, value, onChange, hasNone }: GroupingSelectProps) {
  const keys = useMemo(() => [...queryVocabulary(trace).attributes.keys()].slice(0, mostAttributes), [trace]);
  const own = typeof value === 'object' ? value.attribute : undefined;
  const all = own === undefined || keys.includes(own) ? keys : [own, ...keys];
  const chosen = own === undefined ? ((value as string | undefined) ?? '') : `${attributeMark}${own}`;
  return (
    <label className="spanscope-table-choice">
      <span aria-hidden="true">{label}</span>
      <select
        aria-label={label}
        className="spanscope-flame-select"
        value={chosen}
        onChange={({ target }) => {
          const text = target.value;
          if (text === '') onChange(undefined);
          else if (text.startsWith(attributeMark)) onChange({ attribute: text.slice(attributeMark.length) });
          else onChange(text as SpanGrouping);
        }}
      >
        {hasNone && <option value="">{texts.none}</option>}
        {groupings.map((by) => (
          <option key={by} value={by}>
            {texts.groupings[by as keyof typeof texts.groupings]}
          </option>
        ))}
        {all.length > 0 && (
          <optgroup label={texts.attributes}>
            {all.map((key) => (
              <option key={key} value={`${attributeMark}${key}`}>
                {visibleText(key.slice(0, 100))}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}
