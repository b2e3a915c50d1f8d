import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { queryVocabulary } from '../transforms/queryCompletion.ts';
import { Icon } from './icons.tsx';
import { type MenuAnchor, placeMenu } from './Menu.tsx';
import { messages } from './messages.ts';
import { innermostTarget } from './shadowRoots.ts';
import {
  attributeColumn,
  columnForms,
  columnId,
  type SpanColumn,
  spanColumnNames,
  usualColumns,
  withColumnToggled,
} from './spanColumns.tsx';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';

export interface ColumnChooserProps {
  anchor: MenuAnchor;
  /** Escape: the focus is to go back to where it was. */
  onClose: () => void;
  /** The focus or the pointer went elsewhere, and stays there. */
  onLeave: () => void;
}

const mostAttributes = 40;
const ofAgents: ReadonlySet<SpanColumn> = new Set(['model', 'tokens', 'cost']);

/** Which columns stand beside the names: a box for each, and a search among the attributes of the trace. */
export function ColumnChooser({ anchor, onClose, onLeave }: ColumnChooserProps) {
  const { trace, facts, chosenColumns, setColumns, offeredColumns } = useTraceViewContext();
  const ref = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState('');
  const columns = chosenColumns ?? usualColumns(facts!);
  const shown = new Set(columns.map(columnId));
  // A box stays where it was when it opened, ticked or not: its focus would be lost on the way.
  const [first] = useState(columns);
  const keys = useMemo(() => [...queryVocabulary(trace!).attributes.keys()], [trace]);
  useTopLayer(ref, anchor, onLeave);

  const toggle = (column: SpanColumn) => setColumns(withColumnToggled(columns, column), { reason: 'toggle' });
  const isAgentRun = facts!.agents.isAgentRun;
  const known = spanColumnNames.filter((name) => isAgentRun || shown.has(name) || !ofAgents.has(name));
  const others = distinct([...offeredColumns, ...first]).filter(
    (column) => !(spanColumnNames as readonly SpanColumn[]).includes(column),
  );
  const otherIds = new Set(others.map(columnId));
  const folded = wanted.trim().toLowerCase();
  const found = keys.filter((key) => key.toLowerCase().includes(folded) && !otherIds.has(`attribute:${key}`));
  const boxes = (list: readonly SpanColumn[]) =>
    columnForms(list, trace!).map((form) => (
      <label key={form.id} className="spanscope-column-choice" title={form.title}>
        <input
          type="checkbox"
          checked={shown.has(form.id)}
          onChange={() => toggle(list.find((column) => columnId(column) === form.id)!)}
        />
        <span>{form.label}</span>
      </label>
    ));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const all = [...event.currentTarget.querySelectorAll<HTMLElement>('input, button')];
      const at = all.indexOf(event.target as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1);
      all[(at + all.length) % all.length]?.focus();
    }
  };
  const texts = messages.columns;
  return (
    <div
      ref={ref}
      className="spanscope-menu spanscope-column-chooser"
      role="dialog"
      aria-label={texts.title}
      popover="manual"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="spanscope-column-chooser-head">
        <strong>{texts.title}</strong>
        <button
          type="button"
          className="spanscope-text-button"
          aria-disabled={chosenColumns === undefined || undefined}
          onClick={() => setColumns(undefined, { reason: 'click' })}
        >
          {texts.usual}
        </button>
        <button
          type="button"
          className="spanscope-icon-button"
          aria-label={texts.close}
          title={texts.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <fieldset>
        <legend className="spanscope-visually-hidden">{texts.title}</legend>
        {boxes(known)}
        {boxes(others)}
      </fieldset>
      {keys.length > 0 && (
        <fieldset className="spanscope-column-attributes">
          <legend>{texts.attributes}</legend>
          <input
            type="search"
            className="spanscope-column-search"
            aria-label={texts.search}
            placeholder={texts.search}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
          <div className="spanscope-column-found">{boxes(found.slice(0, mostAttributes).map(attributeColumn))}</div>
          <p className="spanscope-column-note" role="status">
            {found.length === 0 && folded !== ''
              ? texts.nothingFound
              : found.length > mostAttributes
                ? texts.more(found.length - mostAttributes)
                : ''}
          </p>
        </fieldset>
      )}
      <p className="spanscope-column-note">{texts.room}</p>
    </div>
  );
}

function distinct(columns: readonly SpanColumn[]): SpanColumn[] {
  return [...new Map(columns.map((column) => [columnId(column), column])).values()];
}

/** Opens it over all else with its first box focused, and leaves when pointer or focus go elsewhere. */
function useTopLayer(ref: React.RefObject<HTMLDivElement | null>, anchor: MenuAnchor, onLeave: () => void): void {
  useIsomorphicLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (typeof dialog.showPopover === 'function') dialog.showPopover();
    placeMenu(dialog, anchor);
    dialog.querySelector<HTMLElement>('input')?.focus({ preventScroll: true });
  }, [ref, anchor]);
  const leave = useLatest((event: Event) => {
    if (!ref.current?.contains(innermostTarget(event))) onLeave();
  });
  const leaveWindow = useLatest(() => onLeave());
  useEffect(() => {
    const document = ref.current?.ownerDocument;
    if (!document) return;
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('pointerdown', leave, { signal, capture: true });
    document.addEventListener('focusin', leave, { signal });
    document.defaultView?.addEventListener('resize', leaveWindow, { signal });
    return () => listening.abort();
  }, [ref, leave, leaveWindow]);
}
