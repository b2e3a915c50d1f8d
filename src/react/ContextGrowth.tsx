'use client';

import {
  type CSSProperties,
  type ForwardedRef,
  forwardRef,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type ChartSize, type ContextGrowthLayout, chartMargin, layoutContextGrowth } from '../layout/contextGrowth.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import type { ContextPoint } from '../transforms/contextGrowth.ts';
import { formatTokens } from './agentNumbers.ts';
import { classes } from './classes.ts';
import { messages } from './messages.ts';
import { formatShare } from './spanFacts.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useIsomorphicLayoutEffect } from './useLatest.ts';
import { ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { visibleText } from './visibleText.ts';

export interface ContextGrowthProps extends TraceSourceProps, TraceViewStateProps {
  /** How many tokens a model's context holds. A line stands there, and each call says its share. */
  contextWindow?: number | ((model: string | undefined) => number | undefined);
  /** Styled by `.spanscope-context-growth`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * How full the context of each model's call was, in order: the call's own input tokens, never a sum, with what came from a
 * cache, and where the context was compacted. A click or Enter selects the call.
 */
export const ContextGrowth = forwardRef<HTMLDivElement, ContextGrowthProps>(function ContextGrowth(props, ref) {
  return (
    <TraceScope {...props}>
      <GrowthFrame {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function GrowthFrame(props: ContextGrowthProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace, facts } = useTraceViewContext();
  return (
    <div
      ref={props.forwardedRef}
      className={classes('spanscope spanscope-context-growth', props.className)}
      style={props.style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {!trace || trace.spanCount === 0 || !facts ? (
          <ViewStates />
        ) : facts.agents.run.contextGrowth.length === 0 ? (
          <p className="spanscope-run-none">{messages.run.noContext}</p>
        ) : (
          <Growth trace={trace} points={facts.agents.run.contextGrowth} contextWindow={props.contextWindow} />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

interface GrowthProps {
  trace: Trace;
  points: readonly ContextPoint[];
  contextWindow: ContextGrowthProps['contextWindow'];
}

const height = 168;

function Growth({ trace, points, contextWindow }: GrowthProps) {
  const { select, selectedIndex } = useTraceViewContext();
  const [agent, setAgent] = useState<SpanIndex>(-1);
  const agents = useMemo(() => [...new Set(points.map((point) => point.agent))], [points]);
  const shown = useMemo(
    () => (agents.includes(agent) ? points.filter((point) => point.agent === agent) : points),
    [points, agents, agent],
  );
  const chartRef = useRef<HTMLDivElement>(null);
  const width = useWidth(chartRef);
  const chart = useMemo(() => {
    const window = windowOf(contextWindow, shown);
    return layoutContextGrowth(shown, { width, height }, window);
  }, [shown, width, contextWindow]);
  const [pointed, setPointed] = useState(-1);
  const [focused, setFocused] = useState(-1);
  const selected = shown.findIndex((point) => point.span === selectedIndex);
  const active = focused >= 0 && focused < shown.length ? focused : Math.max(0, selected);
  const told = pointed >= 0 && pointed < shown.length ? pointed : focused >= 0 ? active : selected;
  const idPrefix = useId();
  const texts = messages.run;

  const choose = (position: number, event: MouseEvent | KeyboardEvent) => {
    const point = shown[position];
    if (!point) return;
    setFocused(position);
    select(trace.spanAt(point.span).key, { reason: 'link', event: event.nativeEvent });
  };
  const positionOf = (event: MouseEvent | PointerEvent) =>
    chart.positionAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const onKeyDown = (event: KeyboardEvent) => {
    const to =
      event.key === 'ArrowRight'
        ? Math.min(active + 1, shown.length - 1)
        : event.key === 'ArrowLeft'
          ? Math.max(active - 1, 0)
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? shown.length - 1
              : undefined;
    if (to !== undefined) setFocused(to);
    else if (event.key === 'Enter' || event.key === ' ') choose(active, event);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="spanscope-chart-head">
        <span className="spanscope-label">{texts.contextTitle}</span>
        {agents.length > 1 && (
          <select
            aria-label={texts.contextAgent}
            value={agents.includes(agent) ? agent : -1}
            onChange={(event) => {
              setAgent(Number(event.target.value));
              setFocused(-1);
              setPointed(-1);
            }}
          >
            <option value={-1}>{texts.allAgents}</option>
            {agents.slice(0, 200).map((each) => (
              <option key={each} value={each}>
                {visibleText(agentLabel(trace.spanAt(each)).slice(0, 100))}
              </option>
            ))}
          </select>
        )}
        <span className="spanscope-chart-told" aria-hidden="true">
          {told >= 0 ? sayPoint(shown, told, contextWindow) : texts.modelCalls(shown.length)}
        </span>
      </div>
      <div
        ref={chartRef}
        className="spanscope-chart"
        role="listbox"
        aria-label={texts.contextGrowth}
        aria-describedby={`${idPrefix}keys`}
        aria-activedescendant={`${idPrefix}call`}
        aria-orientation="horizontal"
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(active)}
        onBlur={() => setFocused(-1)}
        onPointerMove={(event) => setPointed(positionOf(event))}
        onPointerLeave={() => setPointed(-1)}
        onClick={(event) => choose(positionOf(event), event)}
      >
        {/* One option at a time: a run may have ten thousand calls. */}
        <span
          role="option"
          className="spanscope-visually-hidden"
          id={`${idPrefix}call`}
          tabIndex={-1}
          aria-selected={active === selected}
          aria-posinset={active + 1}
          aria-setsize={shown.length}
        >
          {sayPoint(shown, active, contextWindow)}
        </span>
        <svg width="100%" height={height} aria-hidden="true">
          <g className="spanscope-chart-axis">
            {chart.ticks.map(({ y, tokens }) => (
              <g key={tokens}>
                <line x1={chartMargin.left} x2={width - chartMargin.right} y1={y} y2={y} />
                <text x={chartMargin.left - 6} y={y} dy="0.32em" textAnchor="end">
                  {tokens === 0 ? '0' : formatTokens(tokens)}
                </text>
              </g>
            ))}
            {chart.labels.map(({ x, position }) => (
              <text key={position} x={x} y={height - 6} textAnchor="middle">
                {position + 1}
              </text>
            ))}
          </g>
          {told >= 0 && <PointedColumn chart={chart} position={told} isSelected={told === selected} />}
          <path className="spanscope-chart-bars" data-part="cacheRead" d={chart.paths.cacheRead} />
          <path className="spanscope-chart-bars" data-part="cacheWrite" d={chart.paths.cacheWrite} />
          <path className="spanscope-chart-bars" data-part="input" d={chart.paths.input} />
          {chart.windowY !== undefined && (
            <line
              className="spanscope-chart-window"
              x1={chartMargin.left}
              x2={width - chartMargin.right}
              y1={chart.windowY}
              y2={chart.windowY}
            />
          )}
          {chart.compactions.map(({ x, y, position }) => (
            <path key={position} className="spanscope-chart-compaction" d={`M${x - 4} ${y - 9}h8l-4 6z`}>
              <title>{texts.compaction}</title>
            </path>
          ))}
        </svg>
      </div>
      <Legend points={shown} />
      <span id={`${idPrefix}keys`} className="spanscope-visually-hidden">
        {texts.contextKeys}
      </span>
    </>
  );
}

interface PointedColumnProps {
  chart: ContextGrowthLayout;
  position: number;
  isSelected: boolean;
}

function PointedColumn({ chart, position, isSelected }: PointedColumnProps) {
  const { x, width } = chart.column(position);
  return (
    <rect
      className="spanscope-chart-pointed"
      data-selected={isSelected || undefined}
      x={x - 2}
      y={chartMargin.top - 8}
      width={Math.max(width + 4, 5)}
      height={height - chartMargin.bottom - chartMargin.top + 8}
    />
  );
}

/** Only where there is more than one colour to tell apart. */
function Legend({ points }: { points: readonly ContextPoint[] }) {
  const texts = messages.agent.usage;
  const hasRead = points.some((point) => point.cacheRead);
  const hasWritten = points.some((point) => point.cacheWrite);
  if (!hasRead && !hasWritten) return null;
  return (
    <ul className="spanscope-legend">
      {hasRead && (
        <li>
          <span className="spanscope-legend-mark" data-part="cacheRead" />
          {texts.cacheRead}
        </li>
      )}
      {hasWritten && (
        <li>
          <span className="spanscope-legend-mark" data-part="cacheWrite" />
          {texts.cacheWrite}
        </li>
      )}
      <li>
        <span className="spanscope-legend-mark" data-part="input" />
        {texts.uncachedInput}
      </li>
    </ul>
  );
}

function sayPoint(
  points: readonly ContextPoint[],
  position: number,
  contextWindow: ContextGrowthProps['contextWindow'],
): string {
  const point = points[position];
  if (!point) return '';
  const texts = messages.run;
  const window = windowOf(contextWindow, [point]);
  const parts = [
    texts.call(position + 1, points.length),
    point.model && visibleText(point.model.slice(0, 80)),
    texts.tokensIn(point.input) + (point.growth === undefined ? '' : ` (${texts.growth(point.growth)})`),
    point.cacheRead === undefined ? undefined : texts.fromCache(point.cacheRead),
    point.output === undefined ? undefined : texts.tokensOut(point.output),
    window ? texts.ofWindow(formatShare(point.input, window) ?? '') : undefined,
    point.isCompaction ? texts.compaction : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

function windowOf(given: ContextGrowthProps['contextWindow'], points: readonly ContextPoint[]): number | undefined {
  if (typeof given !== 'function') return given;
  let most: number | undefined;
  for (const model of new Set(points.map((point) => point.model))) {
    const window = given(model);
    if (window !== undefined) most = Math.max(most ?? 0, window);
  }
  return most;
}

const widthBeforeMeasuring: ChartSize['width'] = 640;

function useWidth(ref: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(widthBeforeMeasuring);
  useIsomorphicLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const { width: measured } = element.getBoundingClientRect();
      if (measured > 0) setWidth(Math.round(measured));
    };
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
