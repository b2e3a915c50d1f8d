import { LabelFitter } from './flameGraphLabels.ts';
import { type FlameFrame, rectOf } from './flameGraphPainter.ts';
import { type DevicePixels, PixelScale } from './flameGraphPixels.ts';
import { type LaneVisitor, lanesInSight, scanLane } from './flameGraphScan.ts';
import { dimmedFrom, errorColor } from './flameGraphTheme.ts';
import type { PictureFrame } from './flamePicture.ts';

const namespace = 'http://www.w3.org/2000/svg';
/** In CSS pixels, as on the canvas. */
const fontSize = 11.5;
const padding = 5;
const narrowestLabel = 24;
const margin = 16;

/**
 * What a frame shows as an SVG document of its own, of as many elements as there are pixels and lanes at most. Built of nodes and not
 * of text: a name can be anything.
 */
export function flameSvg(frame: FlameFrame, picture: PictureFrame): string {
  const document = globalThis.document.implementation.createDocument(namespace, 'svg', null);
  const root = document.documentElement;
  const { theme } = frame;
  set(root, {
    viewBox: `0 0 ${round(picture.width)} ${round(picture.height)}`,
    width: round(picture.width),
    height: round(picture.height),
    'font-family': theme.fontFamily,
    role: 'img',
  });
  add(root, 'title', {}).textContent = clean(picture.title);
  add(root, 'rect', { width: '100%', height: '100%', fill: theme.ground });
  const title = add(root, 'text', { x: margin, y: margin + 16, 'font-size': 15, 'font-weight': 600, fill: theme.text });
  title.textContent = clean(picture.title);
  for (const { x, label } of picture.ticks) {
    const left = round(margin + x);
    const isAtEnd = margin + x + label.length * 6.5 > picture.width;
    const stroke = { stroke: theme.crosshair, 'stroke-opacity': 0.25 };
    add(root, 'line', { x1: left, x2: left, y1: picture.graphTop - 24, y2: picture.height - margin, ...stroke });
    add(root, 'text', {
      x: left + (isAtEnd ? -4 : 4),
      y: picture.graphTop - 8,
      'font-size': 11,
      fill: theme.text,
      'text-anchor': isAtEnd ? 'end' : 'start',
    }).textContent = label;
  }
  const graph = add(root, 'svg', {
    x: margin,
    y: picture.graphTop,
    width: round(frame.width / frame.ratio),
    height: round(frame.height / frame.ratio),
    viewBox: `0 0 ${frame.width} ${frame.height}`,
    overflow: 'hidden',
  });
  const scale = new PixelScale(frame.scale, frame.width);
  const writer = new LaneWriter(frame, scale, graph);
  frame.look.beginFrame();
  const { firstLane, endLane } = lanesInSight(frame);
  for (let lane = firstLane; lane < endLane; lane++) {
    writer.lane = lane;
    scanLane(frame, scale, lane, writer);
  }
  if (frame.selected >= 0) writer.outline(frame.selected);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(document)}`;
}

class LaneWriter implements LaneVisitor {
  lane = 0;
  readonly #frame: FlameFrame;
  readonly #scale: PixelScale;
  readonly #parent: Element;
  readonly #fitter: LabelFitter;

  constructor(frame: FlameFrame, scale: PixelScale, parent: Element) {
    this.#frame = frame;
    this.#scale = scale;
    this.#parent = parent;
    const context = globalThis.document.createElement('canvas').getContext('2d');
    if (context) context.font = `500 ${fontSize * frame.ratio}px ${frame.theme.fontFamily}`;
    this.#fitter = new LabelFitter((text) => context?.measureText(text).width ?? text.length * 7 * frame.ratio);
  }

  block(index: number, x0: DevicePixels, x1: DevicePixels): void {
    const { look, theme, ratio, width, critical } = this.#frame;
    const isDimmed = look.isDimmed(index);
    const left = Math.max(x0, -8);
    const right = Math.min(Math.max(x1, x0 + 1), width + 8);
    const gap = right - left > 4 * ratio ? ratio : right - left > 2 ? 1 : 0;
    const { y, height } = rectOf(this.#frame, this.#scale, index);
    // In forced colours a block is its border, which lies within it.
    const edge = theme.isForced ? ratio / 2 : 0;
    const size = {
      x: left + edge,
      y: y + edge,
      width: round(Math.max(right - gap - left - 2 * edge, 0.5)),
      height: height - 2 * edge,
    };
    const fill = theme.colors[look.color(index) + (isDimmed ? dimmedFrom : 0)]!;
    const border: Record<string, string | number> = theme.isForced
      ? { stroke: isDimmed ? theme.onDimmed : theme.onBar, 'stroke-width': ratio }
      : { stroke: 'none' };
    const element = add(this.#parent, 'rect', { ...size, rx: 3 * ratio, fill, ...border });
    add(element, 'title', {}).textContent = clean(`${look.label(index)} ${look.value(index)}`);
    let labelLeft = Math.max(left, 0) + padding * ratio;
    if (look.isError(index)) {
      const stripe = Math.min(4 * ratio, right - left);
      add(this.#parent, 'rect', { x: Math.max(left, 0), y, width: stripe, height, fill: theme.error });
      labelLeft += stripe;
    }
    critical?.each(index, this.#scale, left, right - gap, (from, to) => {
      const line = { x: round(from), y: y + height - 2 * ratio, width: round(to - from), height: 2 * ratio };
      add(this.#parent, 'rect', { ...line, fill: theme.text });
    });
    if (Math.min(right, width) - Math.max(left, 0) < narrowestLabel * ratio) return;
    const text = this.#fitter.fit(look.label(index), Math.min(right, width) - padding * ratio - labelLeft);
    if (text === '') return;
    add(this.#parent, 'text', {
      x: round(labelLeft),
      y: round(y + height / 2 + fontSize * 0.36 * ratio),
      'font-size': fontSize * ratio,
      'font-weight': 500,
      fill: isDimmed ? theme.onDimmed : theme.onBar,
    }).textContent = clean(text);
  }

  mark(from: DevicePixels, to: DevicePixels, color: number): void {
    const { theme, ratio, laneHeight, top } = this.#frame;
    const y = Math.round((this.lane * laneHeight - top) * ratio);
    const height = Math.round(((this.lane + 1) * laneHeight - top) * ratio) - y - ratio;
    const fill = color === errorColor ? theme.errorMark : theme.marks[color]!;
    add(this.#parent, 'rect', { x: from, y, width: to - from, height, fill });
  }

  outline(index: number): void {
    const { theme, ratio } = this.#frame;
    const { x, y, width, height } = rectOf(this.#frame, this.#scale, index);
    const line = { fill: 'none', stroke: theme.accent, 'stroke-width': 2 * ratio, rx: 3 * ratio };
    add(this.#parent, 'rect', {
      x: x - ratio,
      y: y - ratio,
      width: width + 2 * ratio,
      height: height + 2 * ratio,
      ...line,
    });
  }
}

function add(parent: Element, name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const element = parent.ownerDocument.createElementNS(namespace, name);
  set(element, attributes);
  parent.append(element);
  return element;
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** XML has no way to write most control characters: a document with one cannot be opened. */
function clean(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
