import { paletteSize } from './colors.ts';

/** The place of the colour that says error, after those of the palette. */
export const errorColor = paletteSize;
/** A colour's place and this make the place of the same colour dimmed. */
export const dimmedFrom = paletteSize + 1;
/** How much of a colour is left of it dimmed, on the ground. */
const dimmedShare = 0.16;

/** The colours of the stylesheet as a canvas takes them, for the theme that holds now. */
export interface FlameTheme {
  /** By place in the palette; then that of errors, at `errorColor`; then all of them dimmed, from `dimmedFrom` on. */
  colors: readonly string[];
  /** The same for marks, which have no border to be seen by: in forced colours those of text. */
  marks: readonly string[];
  /** Marks as pixels of an ImageData. */
  pixels: Uint32Array;
  error: string;
  /** As a mark, and as one of its pixels. */
  errorMark: string;
  errorPixel: number;
  onError: string;
  onBar: string;
  ground: string;
  text: string;
  accent: string;
  crosshair: string;
  /** The text on a dimmed block, and in forced colours its border. */
  onDimmed: string;
  fontFamily: string;
  /** Forced colours: blocks are borders on the system's ground. */
  isForced: boolean;
}

/**
 * Reads the theme through `probe`, an element inside of the view: a custom property holds its text (`light-dark(…)`), and
 * only a real property of an element tells what colour that is there. Asks for a style recalculation: once a theme.
 */
export function readFlameTheme(probe: HTMLElement): FlameTheme {
  const isForced = matches('(forced-colors: active)');
  const read = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const token = (name: string, forced: string): string => read(isForced ? forced : `var(--ss-${name})`);
  const places = Array.from({ length: paletteSize }, (_, place) => place);
  const error = token('error', 'CanvasText');
  const ground = token('ground', 'Canvas');
  const bright = [
    ...places.map((place) => token(`color-${place}`, 'Canvas')),
    isForced ? token('error', 'Canvas') : error,
  ];
  const dimmed = isForced ? bright : bright.map((color) => mixed(color, ground));
  const colors = [...bright, ...dimmed];
  const marks = isForced ? [...bright.map(() => read('CanvasText')), ...dimmed.map(() => read('GrayText'))] : colors;
  const errorMark = isForced ? read('Mark') : error;
  const pixels = pixelsOf(probe.ownerDocument, [...marks, errorMark]);
  const theme: FlameTheme = {
    colors,
    marks,
    pixels: pixels.slice(0, colors.length),
    error,
    errorMark,
    errorPixel: pixels[colors.length]!,
    onError: token('on-error', 'Canvas'),
    onBar: token('on-bar', 'CanvasText'),
    ground,
    text: token('text', 'CanvasText'),
    accent: token('accent', 'Highlight'),
    crosshair: token('text-quiet', 'GrayText'),
    onDimmed: token('text', 'GrayText'),
    fontFamily: getComputedStyle(probe).fontFamily || 'sans-serif',
    isForced,
  };
  probe.style.color = '';
  return theme;
}

/**
 * Calls `onChange` when the theme may have become another. `watched` has colours of the theme and a transition of them, so
 * that the browser tells of any change, from wherever it comes: a class on the page, a stylesheet, the system. Where a host
 * forbids transitions, the usual places are watched as well.
 *
 * @returns what ends the watching
 */
export function watchTheme(watched: HTMLElement, onChange: () => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  watched.addEventListener('transitionrun', onChange, { signal });
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)']) {
    if (typeof matchMedia === 'function') matchMedia(query).addEventListener('change', onChange, { signal });
  }
  if (typeof MutationObserver === 'undefined') return () => listening.abort();
  const { documentElement, body } = watched.ownerDocument;
  const observer = new MutationObserver(onChange);
  for (const element of [documentElement, body, watched.closest('.spanscope[data-theme]')]) {
    if (element) observer.observe(element, { attributeFilter: ['class', 'style', 'data-theme', 'dir', 'lang'] });
  }
  return () => {
    listening.abort();
    observer.disconnect();
  };
}

/** A colour with most of it gone, as the browser mixes; where it cannot, the ground itself keeps the text on it to be read. */
function mixed(color: string, ground: string): string {
  const part = (text: string) => /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/.exec(text)?.slice(1).map(Number);
  const from = part(color);
  const to = part(ground);
  if (!from || !to) return `color-mix(in srgb, ${color} ${dimmedShare * 100}%, ${ground})`;
  return `rgb(${from.map((value, at) => Math.round(value * dimmedShare + to[at]! * (1 - dimmedShare))).join(', ')})`;
}

/** Any colour that CSS knows, as the browser itself draws it. */
function pixelsOf(document: Document, colors: readonly string[]): Uint32Array {
  const canvas = document.createElement('canvas');
  canvas.width = colors.length;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return new Uint32Array(colors.length);
  colors.forEach((color, at) => {
    context.fillStyle = color;
    context.fillRect(at, 0, 1, 1);
  });
  return new Uint32Array(context.getImageData(0, 0, colors.length, 1).data.buffer);
}

function matches(query: string): boolean {
  return typeof matchMedia === 'function' && matchMedia(query).matches;
}
