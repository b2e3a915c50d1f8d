import { formatDuration } from '../layout/duration.ts';
import type { WaterfallLayout } from '../layout/waterfall.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { diamondPath, type EventTimes, eventTimesOf, stretchPath } from './barMarks.ts';
import type { Viewport } from './viewport.ts';

const narrowestBar = 2;
const labelGap = 6;
/** As waterfall.css fades an open bar's end. */
const fadingEnd = 28;
/** An exception mostly ends its span: its mark stands there. */
const markRoom = 12;

interface RowElements {
  track: HTMLElement;
  bar: HTMLElement;
  label: HTMLElement;
  labelWidth: number;
  marks: MarkElements | undefined;
}

interface MarkElements {
  critical: SVGElement;
  events: SVGElement;
  exceptions: SVGElement;
  times: EventTimes;
}

/** Where a span holds up the trace: pairs of start and end. Undefined where it does not, or nobody wants to see it. */
export type CriticalStretches = (index: number) => Float64Array | undefined;

/**
 * Moves the bars of the rows that are in the document: nothing but transforms and widths, once a frame, around React.
 */
export class BarPainter {
  /** Of the column that the bars lie in. Set by whoever watches its size. */
  trackWidth = 0;
  readonly #elements = new WeakMap<Element, RowElements>();
  #measure: ((text: string) => number) | undefined;

  draw(rows: HTMLElement, layout: WaterfallLayout, viewport: Viewport, criticalOf?: CriticalStretches): void {
    if (this.trackWidth <= 0) return;
    const { scale } = viewport;
    const { trace } = layout;
    for (const row of rows.children) {
      const index = Number((row as HTMLElement).dataset.index);
      const elements = this.#elementsOf(row as HTMLElement, trace, index);
      if (!elements) continue;
      const times = index < 0 ? layout.special(index) : undefined;
      const x0 = scale.toUnit(times ? times.start : spanStart(trace, index)) * this.trackWidth;
      const x1 = scale.toUnit(times ? times.end : spanEnd(trace, index)) * this.trackWidth;
      this.#place(elements, x0, x1, !times && Number.isNaN(trace.columns.duration[index]!));
      if (elements.marks) this.#placeMarks(elements.marks, viewport, criticalOf?.(index));
    }
  }

  #placeMarks({ critical, events, exceptions, times }: MarkElements, { scale }: Viewport, stretches?: Float64Array) {
    const width = this.trackWidth;
    setPath(critical, stretchPath(stretches, scale, width, criticalY));
    setPath(events, diamondPath(times.events, scale, width, marksY));
    setPath(exceptions, diamondPath(times.exceptions, scale, width, marksY));
  }

  #place({ bar, label, labelWidth, track, marks }: RowElements, x0: number, x1: number, isOpen: boolean): void {
    const width = this.trackWidth;
    // Far outside, a bar's edges are cut to just outside: browsers lose precision in the millions of pixels.
    // What happens at the very end of the window stands within it.
    const start = x0 <= width ? Math.min(x0, width - narrowestBar) : x0;
    const left = Math.max(-8, Math.min(start, width + 8));
    const right = Math.max(-8, Math.min(Math.max(x1, start + narrowestBar), width + 8));
    const isOutside = right <= 0 || left >= width;
    track.toggleAttribute('data-before', right <= 0);
    track.toggleAttribute('data-after', left >= width);
    bar.style.transform = `translateX(${left}px)`;
    bar.style.width = `${Math.max(right - left, narrowestBar)}px`;
    const after = right + labelGap;
    const before = left - labelGap - labelWidth;
    // The end of an open span fades: no text stands there.
    const endRoom = isOpen ? fadingEnd : marks?.times.exceptions.length ? markRoom : labelGap;
    const inside = Math.min(right, width) - endRoom - labelWidth;
    let placement = 'after';
    let x = after;
    if (after + labelWidth > width) {
      // In the bar where it holds the text: what reaches to the window's end then has its durations in one column.
      const holdsLabel = inside >= Math.max(left, 0) + labelGap;
      placement = holdsLabel ? 'inside' : before >= 0 ? 'before' : 'none';
      x = holdsLabel ? inside : before;
    }
    label.dataset.placement = isOutside ? 'none' : placement;
    label.style.transform = `translateX(${x}px)`;
  }

  #elementsOf(row: HTMLElement, trace: Trace, index: number): RowElements | undefined {
    let elements = this.#elements.get(row);
    if (elements?.bar.isConnected) return elements;
    const track = row.querySelector<HTMLElement>('.spanscope-track');
    const bar = track?.querySelector<HTMLElement>('.spanscope-bar');
    const label = track?.querySelector<HTMLElement>('.spanscope-bar-label');
    if (!track || !bar || !label) return undefined;
    elements = { track, bar, label, labelWidth: this.#widthOf(label), marks: marksOf(track, trace, index) };
    this.#elements.set(row, elements);
    return elements;
  }

  /** Without asking the document for a layout: the digits of a font are of one width, so few measurements suffice. */
  #widthOf(label: HTMLElement): number {
    if (!this.#measure) {
      const context = label.ownerDocument.createElement('canvas').getContext?.('2d');
      const font = getComputedStyle(label);
      if (context) context.font = `${font.fontWeight} ${font.fontSize} ${font.fontFamily}`;
      const widths = new Map<string, number>();
      this.#measure = (text) => {
        let width = 0;
        for (const character of text) {
          let each = widths.get(character);
          if (each === undefined) {
            each = context?.measureText(character).width ?? 7;
            widths.set(character, each);
          }
          width += each;
        }
        return Math.ceil(width) + 1;
      };
    }
    return this.#measure(label.textContent ?? '');
  }
}

/** In the 12 px that a bar is high. */
const marksY = 6;
const criticalY = 11;

function marksOf(track: HTMLElement, trace: Trace, index: number): MarkElements | undefined {
  const [critical, events, exceptions] = track.querySelectorAll<SVGElement>('.spanscope-bar-marks > path');
  if (!critical || !events || !exceptions) return undefined;
  return { critical, events, exceptions, times: eventTimesOf(trace.spanAt(index)) };
}

function setPath(element: SVGElement, path: string): void {
  if (path !== '' || element.hasAttribute('d')) element.setAttribute('d', path);
}

/** What stands beside a bar. */
export function barLabel(trace: Trace, index: number): string {
  const duration = trace.columns.duration[index]!;
  if (!Number.isNaN(duration)) return formatDuration(duration);
  // So long already, where anything is known to have happened since it began.
  const elapsed = trace.duration - trace.columns.start[index]!;
  return elapsed > 0 ? `${formatDuration(elapsed)}…` : '…';
}
