import { formatDuration } from '../layout/duration.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import type { Viewport } from './viewport.ts';

const narrowestBar = 2;
const labelGap = 6;
/** As waterfall.css fades an open bar's end. */
const fadingEnd = 28;

interface RowElements {
  track: HTMLElement;
  bar: HTMLElement;
  label: HTMLElement;
  labelWidth: number;
}

/**
 * Moves the bars of the rows that are in the document: nothing but transforms and widths, once a frame, around React.
 */
export class BarPainter {
  /** Of the column that the bars lie in. Set by whoever watches its size. */
  trackWidth = 0;
  readonly #elements = new WeakMap<Element, RowElements>();
  #measure: ((text: string) => number) | undefined;

  draw(rows: HTMLElement, trace: Trace, viewport: Viewport): void {
    if (this.trackWidth <= 0) return;
    const { scale } = viewport;
    for (const row of rows.children) {
      const elements = this.#elementsOf(row as HTMLElement);
      if (!elements) continue;
      const index = Number((row as HTMLElement).dataset.index);
      const x0 = scale.toUnit(spanStart(trace, index)) * this.trackWidth;
      const x1 = scale.toUnit(spanEnd(trace, index)) * this.trackWidth;
      this.#place(elements, x0, x1, Number.isNaN(trace.columns.duration[index]!));
    }
  }

  #place({ bar, label, labelWidth, track }: RowElements, x0: number, x1: number, isOpen: boolean): void {
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
    const inside = Math.min(right, width) - (isOpen ? fadingEnd : labelGap) - labelWidth;
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

  #elementsOf(row: HTMLElement): RowElements | undefined {
    let elements = this.#elements.get(row);
    if (elements?.bar.isConnected) return elements;
    const track = row.querySelector<HTMLElement>('.spanscope-track');
    const bar = track?.querySelector<HTMLElement>('.spanscope-bar');
    const label = track?.querySelector<HTMLElement>('.spanscope-bar-label');
    if (!track || !bar || !label) return undefined;
    elements = { track, bar, label, labelWidth: this.#widthOf(label) };
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

/** What stands beside a bar. */
export function barLabel(trace: Trace, index: number): string {
  const duration = trace.columns.duration[index]!;
  if (!Number.isNaN(duration)) return formatDuration(duration);
  // So long already, where anything is known to have happened since it began.
  const elapsed = trace.duration - trace.columns.start[index]!;
  return elapsed > 0 ? `${formatDuration(elapsed)}…` : '…';
}
