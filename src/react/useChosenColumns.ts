import { useMemo, useState } from 'react';
import type { ColumnSizes } from './columnTracks.ts';
import { type ColumnForm, columnForms, columnId, type SpanColumn, usualColumns } from './spanColumns.tsx';
import { type TraceViewContextValue, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useControlled } from './useControlled.ts';
import { useLatest } from './useLatest.ts';
import type { KeptPieces } from './useViewPieces.ts';
import type { ChangeDetails } from './viewport.ts';

type ChosenColumns = Pick<TraceViewContextValue, 'chosenColumns' | 'setColumns' | 'offeredColumns' | 'columnSizes'>;

/** Columns as a triad. They outlive a trace: who looks at the next one wants the same. */
export function useChosenColumns(
  props: Pick<TraceViewStateProps, 'columns' | 'defaultColumns' | 'onColumnsChange'>,
  { controlledColumnNames: names, initialColumnNames, change }: KeptPieces,
): ChosenColumns {
  const given = useSameList(props.columns);
  const [ownColumns, setOwn] = useControlled<readonly SpanColumn[] | undefined>(
    given,
    props.defaultColumns ?? columnsByName(initialColumnNames, []),
    null,
  );
  const [columnSizes] = useState<ColumnSizes>(() => new Map());
  const [known, setKnown] = useState<ReadonlyMap<string, SpanColumn>>(() => new Map());
  const linked = useMemo(() => names && columnsByName(names, [...known.values()]), [names, known]);
  const chosenColumns = given || names === undefined ? ownColumns : linked || undefined;
  const fresh = [...(props.defaultColumns ?? []), ...(ownColumns ?? [])].filter(
    (column) => typeof column !== 'string' && !known.has(column.id),
  );
  if (fresh.length > 0) setKnown(new Map([...known, ...fresh.map((column) => [columnId(column), column] as const)]));
  const setColumns = useLatest(
    (next: readonly SpanColumn[] | undefined, details: ChangeDetails = { reason: 'api' }) => {
      setOwn(next);
      props.onColumnsChange?.(next, details);
      change({ columnNames: next?.map(columnId) }, details);
    },
  );
  return useMemo(
    () => ({ chosenColumns, setColumns, offeredColumns: [...known.values()], columnSizes }),
    [chosenColumns, setColumns, known, columnSizes],
  );
}

/** Columns from a link. Those of the caller's are found by their id; a name that nobody knows is left out when it is drawn. */
export function columnsByName(
  names: readonly string[] | undefined,
  known: readonly SpanColumn[],
): readonly SpanColumn[] | undefined {
  return names?.map((name) => known.find((column) => columnId(column) === name) ?? (name as SpanColumn));
}

/** The list before where a caller writes the same one anew with each render, so that rows are not drawn anew. */
function useSameList(list: readonly SpanColumn[] | undefined): readonly SpanColumn[] | undefined {
  const [last, setLast] = useState(list);
  if (last === list) return list;
  if (last && list && last.length === list.length && list.every((column, at) => column === last[at])) return last;
  setLast(list);
  return list;
}

/** The columns of a view below a provider: the view's own where it has any, else those that were chosen, else the usual ones. */
export function useShownColumns(given: readonly SpanColumn[] | undefined): {
  columns: readonly ColumnForm[];
  /** Nobody has asked for them. */
  isUsual: boolean;
} {
  const { trace, facts, chosenColumns } = useTraceViewContext();
  const asked = useSameList(given) ?? chosenColumns;
  const columns = asked ?? usualColumns(facts!);
  return { columns: useMemo(() => columnForms(columns, trace!), [columns, trace]), isUsual: asked === undefined };
}
