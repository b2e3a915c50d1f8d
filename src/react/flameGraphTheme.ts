import { paletteSize } from './colors.ts';

/** The colours of the stylesheet as a canvas takes them, for the theme that holds now. */
export interface FlameTheme {
  /** By place in the palette. */
  colors: readonly string[];
  /** The same as pixels of an ImageData. */
  pixels: Uint32Array;
  error: string;
  errorPixel: number;
  onError: string;
  onBar: string;
  ground: string;
  text: string;
  accent: string;
  crosshair: string;
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
  const colors = places.map((place) => token(`color-${place}`, 'Canvas'));
  const error = token('error', 'CanvasText');
  const marks = isForced ? places.map(() => read('CanvasText')) : colors;
  const pixels = pixelsOf(probe.ownerDocument, [...marks, isForced ? read('Mark') : error]);
  const theme: FlameTheme = {
    colors,
    pixels: pixels.slice(0, paletteSize),
    error,
    errorPixel: pixels[paletteSize]!,
    onError: token('on-error', 'Canvas'),
    onBar: token('on-bar', 'CanvasText'),
    ground: token('ground', 'Canvas'),
    text: token('text', 'CanvasText'),
    accent: token('accent', 'Highlight'),
    crosshair: token('text-quiet', 'GrayText'),
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
