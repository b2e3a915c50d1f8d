'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, useRef, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import { classes } from './classes.ts';
import { FlameControls } from './flameControls.tsx';
import type { FlameGraphDrawing } from './flameGraphDrawing.ts';
import { saveFlamePicture } from './flamePicture.ts';
import { type FlameSettings, type FlameSettingsProps, useFlameSettings } from './flameSettings.ts';
import { FlameStage } from './flameStage.tsx';
import { FlameTableView } from './flameTableView.tsx';
import { useMergedView, useTimelineView } from './flameView.ts';
import { messages } from './messages.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';

export interface FlameGraphProps extends TraceSourceProps, TraceViewStateProps, FlameSettingsProps {
  /**
   * The height of a lane in CSS pixels, a gap of one included.
   * @default 20
   */
  laneHeight?: CssPixels;
  /** The line of controls above the graph. @default true */
  controls?: boolean;
  /** How a weight of your own is written, as `12 retries`. @default as a number, or as time, tokens and dollars are */
  formatWeight?: (weight: number) => string;
  /** Written above the graph in a saved picture. @default the name of the trace's first root */
  title?: string;
  /** Styled by `.spanscope-flame-graph`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * The spans of a trace on a canvas, a million as smoothly as ten: over time in lanes, children below their parents, or merged by
 * name along their path, as wide as what they took, used or cost. A `tree` for assistive technology: arrows move to
 * parent, child and siblings, Enter zooms to the block, Backspace goes back, Space selects it.
 */
export const FlameGraph = forwardRef<HTMLDivElement, FlameGraphProps>(function FlameGraph(props, ref) {
  return (
    <TraceScope {...props}>
      <FlameGraphFrame {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function FlameGraphFrame(props: FlameGraphProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace } = useTraceViewContext();
  return (
    <div
      ref={props.forwardedRef}
      className={classes('spanscope spanscope-flame-graph', props.className)}
      style={props.style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {trace && trace.spanCount > 0 ? <FlameGraphBody {...props} /> : <ViewStates />}
      </ViewErrorBoundary>
    </div>
  );
}

function FlameGraphBody(props: FlameGraphProps) {
  const { trace, showsCriticalPath, setShowsCriticalPath, colorBy } = useTraceViewContext();
  const [ownSettings, changeOwn] = useFlameSettings(props);
  // The critical path is shown in all views or none, and colours say the same unless somebody wants others here.
  const settings = {
    ...ownSettings,
    criticalPath: ownSettings.criticalPath || showsCriticalPath,
    colorBy: ownSettings.colorBy === 'auto' ? colorBy : ownSettings.colorBy,
  };
  const change = (changed: Partial<FlameSettings>) => {
    changeOwn(changed);
    if (changed.criticalPath !== undefined) setShowsCriticalPath(changed.criticalPath);
  };
  const [highlighted, setHighlighted] = useState({ trace, row: -1 });
  const highlightedRow = highlighted.trace === trace ? highlighted.row : -1;
  const drawingRef = useRef<FlameGraphDrawing>(null);
  const isMerged = settings.form === 'merged';
  const timeline = useTimelineView(settings, !isMerged);
  const merged = useMergedView({ settings, isShown: isMerged, highlightedRow, formatWeight: props.formatWeight });
  const view = merged?.view ?? timeline!;
  const save = (format: 'png' | 'svg') => {
    const frame = drawingRef.current?.frame();
    const title = props.title ?? trace!.spanAt(0).name;
    if (frame) saveFlamePicture(frame, { format, title, withAxis: !isMerged });
  };
  const isToldAnyway = ['time', 'tokens', 'cost'].includes(String(settings.weight));
  const hasWeight = view.form.tree.length > 0;
  return (
    <>
      {props.controls !== false && <FlameControls settings={settings} onChange={change} view={view} onSave={save} />}
      <CompletenessNote />
      <div className="spanscope-flame-parts" data-table={(merged && settings.table) || undefined}>
        {hasWeight ? (
          <FlameStage
            // Another form has another window onto its width.
            key={settings.form}
            view={view}
            laneHeight={props.laneHeight ?? 20}
            isToldAnyway={isToldAnyway}
            drawingRef={drawingRef}
          />
        ) : (
          <p className="spanscope-flame-weightless" role="status">
            {messages.flameGraph.weightless}
          </p>
        )}
        {merged && settings.table && (
          <FlameTableView
            table={merged.table}
            highlightedRow={highlightedRow}
            onHighlight={(row) => setHighlighted({ trace, row })}
            view={merged.view}
          />
        )}
      </div>
    </>
  );
}
