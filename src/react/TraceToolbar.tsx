import { useId, useRef, useState } from 'react';
import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import { Icon, type IconName } from './icons.tsx';
import { KeyHelp } from './KeyHelp.tsx';
import { type MenuAnchor, MenuButton, type MenuItem, type MenuItems } from './Menu.tsx';
import { messages } from './messages.ts';
import { SearchBox } from './SearchBox.tsx';
import { type TraceViewContextValue, useTraceViewContext } from './TraceProvider.tsx';
import { type TraceViewState, useTraceView } from './useTraceView.ts';

/** `transcript` and `iterations` are offered where the trace is an agent's run. */
export type TraceViewName = 'waterfall' | 'tree' | 'flame-graph' | 'table' | 'transcript' | 'iterations';

const viewIcons: Readonly<Record<TraceViewName, IconName>> = {
  waterfall: 'waterfall',
  tree: 'tree',
  'flame-graph': 'flameGraph',
  table: 'table',
  transcript: 'transcript',
  iterations: 'iterations',
};

const rowViews: ReadonlySet<TraceViewName> = new Set(['waterfall', 'tree']);
const timeViews: ReadonlySet<TraceViewName> = new Set(['waterfall', 'flame-graph']);

export interface TraceToolbarProps {
  /** Those that are offered. */
  views: readonly TraceViewName[];
  view: TraceViewName;
  onViewChange: (view: TraceViewName) => void;
}

/** One line of controls: which view, the search, what is unfolded, and the way back from a zoom. */
export function TraceToolbar({ views, view, onViewChange }: TraceToolbarProps) {
  const state = useTraceView();
  const context = useTraceViewContext();
  const { showsCriticalPath, setShowsCriticalPath, arrangement, arrange } = context;
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const moreRef = useRef<HTMLButtonElement>(null);
  const [chooserAnchor, setChooserAnchor] = useState<MenuAnchor>();
  const texts = messages.traceView;
  const opens = {
    help: () => setIsHelpOpen(true),
    columns: () => setChooserAnchor(moreRef.current!.getBoundingClientRect()),
  };
  return (
    <div className="spanscope-toolbar" part="toolbar" role="group" aria-label={texts.toolbar}>
      <ViewSwitch views={views} view={view} onViewChange={onViewChange} />
      <SearchBox />
      <div className="spanscope-pills" role="group" aria-label={messages.search.quick}>
        {messages.search.quickQueries.map(([label, query]) => (
          <Pill
            key={query}
            label={label}
            isPressed={state.query === query}
            onClick={() => state.setQuery(state.query === query ? '' : query)}
          />
        ))}
        {state.query !== '' && rowViews.has(view) && (
          <Pill
            label={texts.matchesOnly}
            isPressed={arrangement.matchesOnly}
            onClick={() => arrange({ matchesOnly: !arrangement.matchesOnly })}
          />
        )}
        {(view === 'waterfall' || view === 'flame-graph') && (
          <Pill
            label={texts.criticalPath}
            title={texts.criticalPathHint}
            isPressed={showsCriticalPath}
            onClick={() => setShowsCriticalPath(!showsCriticalPath)}
          />
        )}
      </div>
      <span className="spanscope-toolbar-space" />
      {rowViews.has(view) && (
        <div className="spanscope-fold-buttons">
          <IconButton icon="expandAll" label={texts.expandAll} onClick={state.expandAll} />
          <IconButton icon="collapseAll" label={texts.collapseAll} onClick={state.collapseAll} />
        </div>
      )}
      {timeViews.has(view) && <ZoomButtons />}
      <MenuButton icon="more" label={texts.more} items={menuItems(view, state, context, opens)} buttonRef={moreRef} />
      {chooserAnchor && rowViews.has(view) && (
        <ColumnChooser
          anchor={chooserAnchor}
          onClose={() => {
            setChooserAnchor(undefined);
            moreRef.current?.focus();
          }}
          onLeave={() => setChooserAnchor(undefined)}
        />
      )}
      {isHelpOpen && <KeyHelp onClose={() => setIsHelpOpen(false)} />}
    </div>
  );
}

function menuItems(
  view: TraceViewName,
  state: TraceViewState,
  context: TraceViewContextValue,
  opens: { help: () => void; columns: () => void },
): MenuItems {
  const { trace, facts, arrangement, arrange, fold, timeDisplay, setTimeDisplay, timeZone } = context;
  const texts = messages.traceView;
  const rows = [
    { label: texts.expandAll, onSelect: state.expandAll },
    { label: texts.collapseAll, onSelect: state.collapseAll },
    { label: texts.expandLevel, keys: ']', onSelect: () => fold('expand-level') },
    { label: texts.collapseLevel, keys: '[', onSelect: () => fold('collapse-level') },
    { label: texts.downToErrors, isOff: !hasErrors(trace), onSelect: () => fold('errors') },
    { label: texts.downToCriticalPath, onSelect: () => fold('critical-path') },
  ];
  const { compress } = arrangement;
  const isAbsolute = timeDisplay === 'absolute';
  const time = [
    { label: texts.compress, isChecked: compress, onSelect: () => arrange({ compress: !compress }) },
    {
      label: texts.timeOfDay(timeZone),
      isChecked: isAbsolute,
      onSelect: () => setTimeDisplay(isAbsolute ? 'relative' : 'absolute'),
    },
    { label: texts.wholeTrace, keys: '0', isOff: state.timeRange === null, onSelect: () => state.setTimeRange(null) },
  ];
  const { groups, gaps, withoutNoise } = arrangement;
  const noise = facts?.noise.count ?? 0;
  const order = [
    { label: texts.groups, isChecked: groups, onSelect: () => arrange({ groups: !groups }) },
    { label: texts.gaps, isChecked: gaps, onSelect: () => arrange({ gaps: !gaps }) },
    ...(noise === 0
      ? []
      : [
          {
            label: texts.noise(noise),
            isChecked: withoutNoise,
            onSelect: () => arrange({ withoutNoise: !withoutNoise }),
          },
        ]),
  ];
  return [
    rowViews.has(view) ? rows : [],
    rowViews.has(view) ? [{ label: messages.columns.menu, onSelect: opens.columns }, ...order] : [],
    timeViews.has(view) ? time : [],
    rowViews.has(view) ? colorItems(context) : [],
    [{ label: texts.keyboard, keys: '?', onSelect: opens.help }],
  ];
}

/** The rule itself is marked; where the usual one holds, what it comes to. */
function colorItems({ trace, colorBy, setColorBy }: TraceViewContextValue): MenuItem[] {
  const usual = (trace?.serviceNames.length ?? 0) > 1 ? 'service' : 'kind';
  const shown = colorBy === 'auto' ? usual : colorBy;
  return (['service', 'kind', 'status', 'name'] as const).map((by) => ({
    label: messages.traceView.colorBy(messages.flameGraph.controls.colors[by]),
    isChecked: by === shown,
    onSelect: () => setColorBy(by === usual ? 'auto' : by, { reason: 'click' }),
  }));
}

function hasErrors(trace: Trace | undefined): boolean {
  return trace?.columns.status.includes(statusCode.error) ?? false;
}

function Pill(props: { label: string; title?: string; isPressed: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      className="spanscope-pill"
      title={props.title}
      aria-pressed={props.isPressed}
      onClick={props.onClick}
    >
      {props.label}
    </button>
  );
}

function ZoomButtons() {
  const { viewport } = useTraceViewContext();
  const { timeRange, setTimeRange } = useTraceView();
  const texts = messages.traceView;
  return (
    <div className="spanscope-zoom-buttons">
      <IconButton
        icon="back"
        label={texts.zoomBack}
        isOff={!viewport.canGoBack}
        onClick={() => viewport.travel(-1, { reason: 'click' })}
      />
      <IconButton
        icon="forward"
        label={texts.zoomForward}
        isOff={!viewport.canGoForward}
        onClick={() => viewport.travel(1, { reason: 'click' })}
      />
      <button
        type="button"
        className="spanscope-text-button"
        // Not `disabled`: the focus of whoever has just pressed it would be lost.
        aria-disabled={timeRange === null}
        // Where there is no room for its text, the name and the title are left.
        aria-label={texts.wholeTrace}
        title={texts.wholeTrace}
        onClick={() => setTimeRange(null)}
      >
        <Icon name="zoomOut" />
        <span className="spanscope-text-button-text">{texts.wholeTrace}</span>
      </button>
    </div>
  );
}

function ViewSwitch({ views, view, onViewChange }: TraceToolbarProps) {
  const name = useId();
  return (
    <fieldset className="spanscope-view-switch">
      <legend className="spanscope-visually-hidden">{messages.traceView.view}</legend>
      {views.map((each) => (
        <label key={each} className="spanscope-view-choice" data-checked={each === view || undefined}>
          <input
            type="radio"
            className="spanscope-visually-hidden"
            name={name}
            value={each}
            checked={each === view}
            onChange={() => onViewChange(each)}
          />
          <Icon name={viewIcons[each]} />
          <span className="spanscope-view-choice-text">{messages.traceView.views[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  isOff?: boolean;
  onClick: () => void;
}

function IconButton({ icon, label, isOff = false, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      className="spanscope-icon-button"
      aria-label={label}
      aria-disabled={isOff || undefined}
      title={label}
      onClick={isOff ? undefined : onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
