import type { SpanIndex } from '../model/columns.ts';
import type { AgentKind } from '../transforms/agentKind.ts';
import { LabelFitter } from './flameGraphLabels.ts';
import type { BlockRect, FlameFrame } from './flameGraphPainter.ts';
import type { DevicePixels } from './flameGraphPixels.ts';
import type { FlameTheme } from './flameGraphTheme.ts';
import { iconPath } from './icons.tsx';

/** All in CSS pixels. */
const fontSize = 11.5;
const padding = 5;
const narrowestLabel = 24;
/** Beside the icon. */
const narrowestCutLabel = 40;
const narrowestTagWithIcon = 32;
const iconSize = 12;
const iconGap = 4;
const tagWidth = 15;
const stripeWidth = 4;
const fadeWidth = 32;
const valueGap = 8;

const kinds: readonly AgentKind[] = [
  'agent',
  'llm',
  'tool',
  'retriever',
  'embedding',
  'reranker',
  'memory',
  'decision',
  'guardrail',
  'evaluator',
  'chain',
  'iteration',
  'http',
  'db',
  'queue',
  'rpc',
];

/** What stands on and around blocks: labels, icons, errors, open ends, outlines. Pictures and widths are kept for a theme. */
export class FlameDecorations {
  #theme: FlameTheme | undefined;
  #ratio = 0;
  #laneHeight = 0;
  #font = '';
  #fitter = new LabelFitter(() => 0);
  #capHeight = 0;
  #icons: HTMLCanvasElement | undefined;
  #fade: HTMLCanvasElement | undefined;

  prepare(context: CanvasRenderingContext2D, theme: FlameTheme, ratio: number, laneHeight: number): void {
    const isNew = theme !== this.#theme || ratio !== this.#ratio || laneHeight !== this.#laneHeight;
    if (isNew) {
      this.#theme = theme;
      this.#ratio = ratio;
      this.#laneHeight = laneHeight;
      this.#font = `500 ${fontSize * ratio}px ${theme.fontFamily}`;
    }
    context.font = this.#font;
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    if (!isNew) return;
    this.#fitter = new LabelFitter((text) => context.measureText(text).width);
    this.#capHeight = context.measureText('H').actualBoundingBoxAscent;
    this.#icons = drawIcons(context.canvas.ownerDocument, theme.onBar, Math.round(iconSize * ratio));
    this.#fade = drawFade(context.canvas.ownerDocument, Math.round(fadeWidth * ratio), Math.ceil(laneHeight * ratio));
  }

  drawBlock(context: CanvasRenderingContext2D, frame: FlameFrame, index: SpanIndex, rect: BlockRect): void {
    const { look, ratio, width } = frame;
    // What a block says stays in sight while any of it is.
    let left = Math.max(rect.x, 0);
    let right = Math.min(rect.x + rect.width, width);
    if (right <= left) return;
    const isWide = right - left >= narrowestLabel * ratio;
    if (look.isOpen(index)) right -= this.#drawOpenEnd(context, frame, rect) / 2;
    if (look.isError(index)) left += this.#drawErrorTag(context, frame, rect, left);
    if (!isWide) return;
    const middle = rect.y + rect.height / 2;
    left += padding * ratio;
    right -= padding * ratio;
    const kind = look.kind(index);
    const room = right - left;
    const roomBesideIcon = kinds.includes(kind) ? room - (iconSize + iconGap) * ratio : room;
    const whole = this.#fitter.width(look.label(index));
    // A whole name before an icon, an icon before next to nothing of a name.
    const hasIcon = whole <= roomBesideIcon || whole > room;
    const hasLabel = whole <= room || roomBesideIcon >= narrowestCutLabel * ratio;
    if (hasIcon) {
      const at = hasLabel ? left : Math.max(left, (left + right - iconSize * ratio) / 2);
      left += this.#drawIcon(context, kind, at, middle);
    }
    if (hasLabel) this.#drawLabel(context, frame, index, left, right, Math.round(middle + this.#capHeight / 2));
  }

  drawOutlines(
    context: CanvasRenderingContext2D,
    frame: FlameFrame,
    rectOf: (index: SpanIndex) => BlockRect | undefined,
  ): void {
    const { theme, ratio, hovered, selected, focused } = frame;
    if (hovered >= 0) outline(context, frame, rectOf(hovered), theme.text, 1.5 * ratio, 0.75 * ratio);
    if (selected >= 0) {
      outline(context, frame, rectOf(selected), theme.ground, ratio, -0.5 * ratio);
      outline(context, frame, rectOf(selected), theme.accent, 2 * ratio, ratio);
    }
    if (focused >= 0) {
      outline(context, frame, rectOf(focused), theme.ground, 2 * ratio, ratio);
      outline(context, frame, rectOf(focused), theme.accent, 2 * ratio, 3 * ratio);
    }
  }

  drawCrosshair(context: CanvasRenderingContext2D, { theme, ratio, height }: FlameFrame, x: DevicePixels): void {
    context.globalAlpha = 0.5;
    context.fillStyle = theme.crosshair;
    context.fillRect(Math.round(x), 0, Math.max(1, Math.round(ratio)), height);
    context.globalAlpha = 1;
  }

  /** A red tag with a cross before the label, a red edge where there is no room. Its width. */
  #drawErrorTag(
    context: CanvasRenderingContext2D,
    { theme, ratio }: FlameFrame,
    rect: BlockRect,
    left: DevicePixels,
  ): DevicePixels {
    const hasIcon = rect.x + rect.width - left >= narrowestTagWithIcon * ratio;
    const tag = Math.round((hasIcon ? tagWidth : stripeWidth) * ratio);
    const radius = left === rect.x ? 3 * ratio : 0;
    context.fillStyle = theme.ground;
    context.fillRect(left, rect.y, tag + Math.max(1, Math.round(ratio)), rect.height);
    context.fillStyle = theme.error;
    context.beginPath();
    context.roundRect(left, rect.y, tag, rect.height, [radius, 0, 0, radius]);
    context.fill();
    if (!hasIcon) return tag;
    const x = left + tag / 2;
    const y = rect.y + rect.height / 2;
    const arm = 3 * ratio;
    context.strokeStyle = theme.onError;
    context.lineWidth = 1.5 * ratio;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
    context.stroke();
    return tag;
  }

  /** Takes the block's right end away bit by bit, in stripes: it goes on, nobody knows how far. The width of that. */
  #drawOpenEnd(context: CanvasRenderingContext2D, { width, ratio }: FlameFrame, rect: BlockRect): DevicePixels {
    const end = rect.x + rect.width;
    if (!this.#fade || end > width + 8 * ratio) return 0;
    const fade = Math.min(this.#fade.width, rect.width / 2);
    context.globalCompositeOperation = 'destination-out';
    context.drawImage(this.#fade, 0, 0, this.#fade.width, rect.height, end - fade, rect.y, fade, rect.height);
    context.globalCompositeOperation = 'source-over';
    return fade;
  }

  #drawIcon(
    context: CanvasRenderingContext2D,
    kind: AgentKind,
    left: DevicePixels,
    middle: DevicePixels,
  ): DevicePixels {
    const at = kinds.indexOf(kind);
    if (!this.#icons || at < 0) return 0;
    const size = this.#icons.height;
    context.drawImage(
      this.#icons,
      at * size,
      0,
      size,
      size,
      Math.round(left),
      Math.round(middle - size / 2),
      size,
      size,
    );
    return size + iconGap * this.#ratio;
  }

  #drawLabel(
    context: CanvasRenderingContext2D,
    { look, ratio, theme }: FlameFrame,
    index: SpanIndex,
    left: DevicePixels,
    right: DevicePixels,
    baseline: DevicePixels,
  ): void {
    const label = look.label(index);
    const text = this.#fitter.fit(label, right - left);
    if (text === '') return;
    context.fillStyle = theme.onBar;
    context.fillText(text, left, baseline);
    const after = left + this.#fitter.width(text) + valueGap * ratio;
    if (text !== label || right - after < 3 * fontSize * ratio) return;
    const value = look.value(index);
    if (after + this.#fitter.width(value) <= right) context.fillText(value, after, baseline);
  }
}

/** A line around a block, `distance` away from it; within the window where the block itself is. */
function outline(
  context: CanvasRenderingContext2D,
  { width, height, ratio }: FlameFrame,
  rect: BlockRect | undefined,
  color: string,
  lineWidth: DevicePixels,
  distance: DevicePixels,
): void {
  if (!rect) return;
  const half = lineWidth / 2;
  const left = rect.x < 0 ? rect.x : Math.max(rect.x - distance, half);
  const top = rect.y < 0 ? rect.y - distance : Math.max(rect.y - distance, half);
  const rectRight = rect.x + rect.width;
  const rectBottom = rect.y + rect.height;
  const right = rectRight > width ? rectRight : Math.min(rectRight + distance, width - half);
  const bottom = rectBottom > height ? rectBottom + distance : Math.min(rectBottom + distance, height - half);
  if (right < -lineWidth || left > width + lineWidth || bottom < -lineWidth || top > height + lineWidth) return;
  context.strokeStyle = color;
  context.lineWidth = lineWidth;
  context.beginPath();
  context.roundRect(left, top, Math.max(right - left, 1), Math.max(bottom - top, 1), Math.max(0, 3 * ratio + distance));
  context.stroke();
}

/** All kinds' icons side by side: drawing a picture is many times faster than stroking a path. */
function drawIcons(document: Document, color: string, size: DevicePixels): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = size * kinds.length;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  kinds.forEach((kind, at) => {
    context.setTransform(size / 16, 0, 0, size / 16, at * size, 0);
    context.stroke(new Path2D(iconPath(kind as Exclude<AgentKind, 'other'>)));
  });
  return canvas;
}

/** How much is taken away of an open end: a ramp, and slanted stripes on it. */
function drawFade(document: Document, width: DevicePixels, height: DevicePixels): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const ramp = context.createLinearGradient(0, 0, width, 0);
  ramp.addColorStop(0, 'rgb(0 0 0 / 0)');
  ramp.addColorStop(0.9, 'rgb(0 0 0 / 0.85)');
  ramp.addColorStop(1, 'rgb(0 0 0 / 1)');
  context.fillStyle = ramp;
  context.fillRect(0, 0, width, height);
  const step = width / 5;
  context.strokeStyle = ramp;
  context.lineWidth = step / 3;
  for (let x = 0; x < width + height; x += step) {
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x - height, height);
    context.stroke();
  }
  return canvas;
}
