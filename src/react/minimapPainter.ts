import type { MinimapLayout } from '../layout/minimap.ts';
import type { FlameTheme } from './flameGraphTheme.ts';

/** What is busy at all is to be seen, be it one span of ten thousand. */
const leastOpacity = 0.35;

/** Draws the layout at the canvas's own size: a pixel a column, a band of pixels a row. */
export function paintMinimap(canvas: HTMLCanvasElement, layout: MinimapLayout, theme: FlameTheme): void {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return;
  context.clearRect(0, 0, width, height);
  if (layout.rows === 0) return;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const columns = Math.min(width, layout.width);
  for (let row = 0; row < layout.rows; row++) {
    const top = Math.floor((row * height) / layout.rows);
    const next = Math.floor(((row + 1) * height) / layout.rows);
    // A pixel of ground between rows, where they are high enough to spare it.
    const bottom = Math.max(top + 1, next - top > 2 ? next - 1 : next);
    for (let x = 0; x < columns; x++) {
      const cell = row * layout.width + x;
      const color = layout.colors[cell]!;
      if (color === 0) continue;
      const pixel = layout.errors[cell]
        ? theme.errorPixel
        : faded(theme.pixels[(color - 1) % theme.pixels.length]!, layout.coverage[cell]! / 255);
      for (let y = top; y < bottom; y++) pixels[y * width + x] = pixel;
    }
  }
  context.putImageData(image, 0, 0);
}

/** The last byte of a little-endian pixel is its opacity; every machine that browsers run on is little-endian. */
function faded(pixel: number, coverage: number): number {
  const opacity = leastOpacity + (1 - leastOpacity) * Math.sqrt(coverage);
  return ((pixel & 0x00ffffff) | (Math.round(opacity * 255) << 24)) >>> 0;
}
