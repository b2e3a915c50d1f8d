import { type ComponentType, memo } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { GroupRow } from '../layout/rowGroups.ts';
import type { GapRow } from '../layout/timeGaps.ts';
import type { RowValue } from '../layout/visibleRows.ts';
import type { Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { Guides } from './SpanName.tsx';
import type { ColumnForm } from './spanColumns.tsx';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';

export interface SpecialCellsProps {
  trace: Trace;
  facts: TraceFacts;
  special: GroupRow | GapRow;
  depth: number;
  columns: readonly ColumnForm[];
}

export interface SpecialRowProps extends Pick<SpecialCellsProps, 'columns'> {
  isGrid: boolean;
  value: RowValue;
  row: number;
  isActive: boolean;
  SpecialCells: ComponentType<SpecialCellsProps>;
}

/** A row that is no span: several alike ones in one, or time in which nobody recorded anything. */
export function SpecialRow({ isGrid, value, row, isActive, columns, SpecialCells }: SpecialRowProps) {
  const view = useTraceViewContext();
  const layout = view.rows!;
  const trace = view.trace!;
  const facts = view.facts!;
  const special = layout.special(value);
  const depth = layout.depthOf(value);
  const isGroup = special.type === 'group';
  return (
    <div
      role={isGrid ? 'row' : 'treeitem'}
      className="spanscope-row"
      data-special={special.type}
      data-index={value}
      data-color={isGroup ? view.colorOf(special.first) : undefined}
      aria-level={depth + 1}
      aria-rowindex={isGrid ? row + 2 : undefined}
      aria-expanded={isGroup ? special.isExpanded : undefined}
      aria-selected={false}
      tabIndex={isActive ? 0 : -1}
    >
      <SpecialCells {...{ trace, facts, special, depth, columns }} />
    </div>
  );
}

/** What stands in place of a span's name. */
export const SpecialName = memo(function SpecialName({ trace, facts, special, depth }: SpecialCellsProps) {
  const texts = messages.rows;
  if (special.type === 'gap') {
    return (
      <>
        <Guides depth={depth} />
        <span className="spanscope-toggle" aria-hidden="true" />
        <span className="spanscope-gap-name">{texts.gap}</span>
      </>
    );
  }
  const label = agentLabel(trace.spanAt(special.first)) || texts.unnamed;
  return (
    <>
      <Guides depth={depth} />
      <span className="spanscope-toggle" data-toggle="" aria-hidden="true">
        <Icon name="chevron" />
      </span>
      <KindIcon kind={facts.kind(special.first)} className="spanscope-kind-icon" />
      <span className="spanscope-name-line">
        <span className="spanscope-marked-name">
          <span className="spanscope-name-text" dir="auto">
            {label}
          </span>
          <span className="spanscope-group-count">
            <span aria-hidden="true">× {special.count}</span>
            <span className="spanscope-visually-hidden">, {texts.groupOf(special.count, special.of)}</span>
          </span>
        </span>
      </span>
      {special.errors > 0 && (
        <span className="spanscope-errors-below" title={texts.errorsInGroup(special.errors)}>
          <Icon name="error" />
          <span aria-hidden="true">{special.errors}</span>
          <span className="spanscope-visually-hidden">, {texts.errorsInGroup(special.errors)}</span>
        </span>
      )}
    </>
  );
});

/** Of a group all its spans together, as they may overlap or leave time between them. */
export function specialDuration(special: GroupRow | GapRow): string {
  return special.type === 'gap' ? formatDuration(special.duration) : `Σ ${formatDuration(special.totalDuration)}`;
}
