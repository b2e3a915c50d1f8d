import { useId } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceView } from './useTraceView.ts';

/** `transcript` and `iterations` are offered where the trace is an agent's run. */
export type TraceViewName = 'waterfall' | 'tree' | 'flame-graph' | 'transcript' | 'iterations';

const viewIcons: Readonly<Record<TraceViewName, IconName>> = {
  waterfall: 'waterfall',
  tree: 'tree',
  'flame-graph': 'flameGraph',
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

/** One line of controls: which view, what is unfolded, and the way back from a zoom. */
export function TraceToolbar({ views, view, onViewChange }: TraceToolbarProps) {
  const state = useTraceView();
  const texts = messages.traceView;
  return (
    <div className="spanscope-toolbar" role="group" aria-label={texts.toolbar}>
      <ViewSwitch views={views} view={view} onViewChange={onViewChange} />
      {rowViews.has(view) && (
        <>
          <IconButton icon="expandAll" label={texts.expandAll} onClick={state.expandAll} />
          <IconButton icon="collapseAll" label={texts.collapseAll} onClick={state.collapseAll} />
        </>
      )}
      {timeViews.has(view) && (
        <button
          type="button"
          className="spanscope-text-button"
          // Not `disabled`: the focus of whoever has just pressed it would be lost.
          aria-disabled={state.timeRange === null}
          onClick={() => state.setTimeRange(null)}
        >
          <Icon name="zoomOut" />
          {texts.wholeTrace}
        </button>
      )}
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

function IconButton({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <button type="button" className="spanscope-icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
