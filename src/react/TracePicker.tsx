import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { statusCode } from '../model/columns.ts';
import { toIsoTime } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { innermostTarget } from './shadowRoots.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** With more, one looks for a name rather than over a list. */
const mostWithoutSearch = 7;
/** More rows than anybody reads; a search gets at the rest. */
const mostRows = 200;

/** Which of a file's traces is shown, and the list of all of them to pick another from. */
export function TracePicker({ onPick }: { onPick: (traceId: string) => void }) {
  const { source, trace } = useTraceViewContext();
  const [isOpen, setIsOpen] = useState(false);
  const rootRef = useRef<HTMLDivElement>(null);
  const buttonRef = useRef<HTMLButtonElement>(null);
  const texts = messages.tracePicker;

  useEffect(() => {
    if (!isOpen) return;
    const close = (event: Event) => {
      if (!rootRef.current?.contains(innermostTarget(event))) setIsOpen(false);
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('focusin', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('focusin', close);
    };
  }, [isOpen]);

  const close = () => {
    setIsOpen(false);
    buttonRef.current?.focus();
  };
  const at = trace ? source.traces.indexOf(trace) + 1 : 0;
  return (
    <div className="spanscope-trace-picker" ref={rootRef}>
      <button
        ref={buttonRef}
        type="button"
        className="spanscope-trace-picker-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span className="spanscope-trace-picker-place">{texts.place(at, source.traces.length)}</span>{' '}
        <bdi className="spanscope-trace-picker-name">{trace ? nameOf(trace) : texts.none}</bdi>
        <Icon name="chevron" className="spanscope-trace-picker-chevron" />
      </button>
      {isOpen && (
        <TraceList
          traces={source.traces}
          shown={trace}
          onClose={close}
          onPick={(traceId) => {
            close();
            onPick(traceId);
          }}
        />
      )}
    </div>
  );
}

interface TraceListProps {
  traces: readonly Trace[];
  shown: Trace | undefined;
  onPick: (traceId: string) => void;
  onClose: () => void;
}

function TraceList({ traces, shown, onPick, onClose }: TraceListProps) {
  const [query, setQuery] = useState('');
  const rows = useMemo(() => traces.map(rowOf), [traces]);
  const found = useMemo(() => matching(rows, query), [rows, query]);
  const [active, setActive] = useState(() => Math.max(0, shown ? traces.indexOf(shown) : 0));
  const id = useId();
  const listRef = useRef<HTMLDivElement>(null);
  const focusRef = useRef<HTMLInputElement & HTMLDivElement>(null);
  const texts = messages.tracePicker;
  const hasSearch = traces.length > mostWithoutSearch;
  const visible = found.slice(0, mostRows);
  const current = Math.min(active, visible.length - 1);

  useEffect(() => focusRef.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    listRef.current?.querySelector(`[data-row="${current}"]`)?.scrollIntoView?.({ block: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const target = rowForKey(event.key, current, visible.length, hasSearch);
    if (target !== undefined) setActive(target);
    else if (event.key === 'Enter' && visible[current]) onPick(visible[current].trace.traceId);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const activeId = current >= 0 ? `${id}-${current}` : undefined;
  return (
    <div className="spanscope-trace-list" role="dialog" aria-label={texts.dialog} onKeyDown={onKeyDown}>
      {hasSearch && (
        <input
          ref={focusRef}
          className="spanscope-trace-search"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={activeId}
          aria-label={texts.search}
          placeholder={texts.search}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
        />
      )}
      <div className="spanscope-trace-row spanscope-trace-head" aria-hidden="true">
        <span>{texts.name}</span>
        <span>{texts.start}</span>
        <span>{texts.duration}</span>
        <span>{texts.spans}</span>
        <span>{texts.errors}</span>
      </div>
      <div
        ref={(element) => {
          listRef.current = element;
          if (!hasSearch) focusRef.current = element as HTMLInputElement & HTMLDivElement;
        }}
        id={id}
        className="spanscope-trace-options"
        role="listbox"
        aria-label={texts.dialog}
        {...(hasSearch ? {} : { tabIndex: 0, 'aria-activedescendant': activeId })}
      >
        {visible.map((row, at) => (
          <TraceOption
            key={row.trace.traceId}
            row={row}
            id={`${id}-${at}`}
            at={at}
            isActive={at === current}
            isShown={row.trace === shown}
            onPick={onPick}
          />
        ))}
      </div>
      {visible.length === 0 && <p className="spanscope-trace-none">{texts.nothingFound}</p>}
      {found.length > visible.length && (
        <p className="spanscope-trace-none">{texts.more(found.length - visible.length)}</p>
      )}
    </div>
  );
}

interface TraceOptionProps {
  row: TraceRow;
  id: string;
  at: number;
  isActive: boolean;
  isShown: boolean;
  onPick: (traceId: string) => void;
}

function TraceOption({ row, id, at, isActive, isShown, onPick }: TraceOptionProps) {
  const { trace, name, start, duration, errors } = row;
  const texts = messages.tracePicker;
  const isWhole = trace.completeness.complete;
  return (
    // Keys are heard by the dialog, wherever the focus is in it.
    <div
      id={id}
      className="spanscope-trace-row"
      role="option"
      aria-selected={isShown}
      tabIndex={-1}
      data-row={at}
      data-active={isActive || undefined}
      onClick={() => onPick(trace.traceId)}
      onKeyDown={undefined}
    >
      <span className="spanscope-trace-name">
        <bdi title={name}>{name}</bdi>
        <bdi className="spanscope-trace-id">{trace.traceId}</bdi>
      </span>
      <span>{start}</span>
      <span>{duration}</span>
      <span data-unit={texts.spansUnit}>
        {!isWhole && (
          <span className="spanscope-trace-partial" title={trace.completeness.reasons.join(' ')}>
            <Icon name="warning" />
            <Spoken>{texts.notWhole}</Spoken>
          </span>
        )}
        {trace.spanCount.toLocaleString('en')}
        <Spoken>{texts.spansUnit}</Spoken>
      </span>
      <span data-error={errors > 0 || undefined} data-unit={texts.errorsUnit}>
        {errors > 0 ? errors.toLocaleString('en') : '–'}
        <Spoken>{errors > 0 ? texts.errorsUnit : texts.noErrors}</Spoken>
      </span>
    </div>
  );
}

/** What the head of the list says to the eye. */
function Spoken({ children }: { children: string }) {
  return <span className="spanscope-visually-hidden">{children}</span>;
}

interface TraceRow {
  trace: Trace;
  name: string;
  start: string;
  duration: string;
  errors: number;
}

function rowOf(trace: Trace): TraceRow {
  return {
    trace,
    name: nameOf(trace),
    start: startOf(trace),
    duration: formatDuration(trace.duration),
    errors: errorsOf(trace),
  };
}

function nameOf(trace: Trace): string {
  return trace.roots.at(0)?.name || trace.traceId || messages.rows.unnamed;
}

/** UTC, to the millisecond; nothing for a trace that does not say when it was. */
function startOf({ startTimeUnixNano }: Trace): string {
  const isTold = startTimeUnixNano > 86_400_000_000_000n && startTimeUnixNano < 4_000_000_000_000_000_000n;
  if (!isTold) return '–';
  const milliseconds = (startTimeUnixNano / 1_000_000n) * 1_000_000n;
  return toIsoTime(milliseconds).replace('T', ' ').replace('Z', '');
}

function errorsOf({ columns: { status, length } }: Trace): number {
  let errors = 0;
  for (let index = 0; index < length; index++) if (status[index] === statusCode.error) errors++;
  return errors;
}

/** Names, ids and services, all words of the query in any of them. */
function matching(rows: readonly TraceRow[], query: string): readonly TraceRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ trace, name }) => {
    const text = [name, trace.traceId, ...trace.serviceNames].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Home and End belong to the text where one searches. */
function rowForKey(key: string, row: number, count: number, hasSearch: boolean): number | undefined {
  const last = count - 1;
  if (key === 'ArrowDown') return Math.min(row + 1, last);
  if (key === 'ArrowUp') return Math.max(row - 1, 0);
  if (key === 'PageDown') return Math.min(row + 10, last);
  if (key === 'PageUp') return Math.max(row - 10, 0);
  if (hasSearch) return undefined;
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
}
