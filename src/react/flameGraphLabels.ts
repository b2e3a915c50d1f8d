import type { DevicePixels } from './flameGraphPixels.ts';

/** What is written between the two halves of a shortened text. */
const ellipsis = '…';
const fewestCharacters = 3;
/** A name can be megabytes; more than this is on no screen. */
const longestMeasured = 600;
const keptTexts = 4_000;
const keptCuts = 40_000;

interface Measured {
  text: string;
  width: DevicePixels;
  /** By how many characters are kept. */
  cuts: Map<number, { text: string; width: DevicePixels }>;
}

/**
 * Texts cut to a width in their middle, as both ends of a name tell it from others. Each text and each cut is measured
 * once: measuring in every frame is what makes other flame graphs slow. One fitter is for one font.
 */
export class LabelFitter {
  readonly #measure: (text: string) => DevicePixels;
  readonly #texts = new Map<string, Measured>();
  #cutCount = 0;

  constructor(measure: (text: string) => DevicePixels) {
    this.#measure = measure;
  }

  width(text: string): DevicePixels {
    return this.#measured(text).width;
  }

  /** The text, or as much of it as there is room for; empty where that would say nothing. */
  fit(text: string, room: DevicePixels): string {
    const measured = this.#measured(text);
    if (measured.width <= room) return measured.text;
    let low = 0;
    let high = Math.min(measured.text.length - 1, Math.ceil((room / measured.width) * measured.text.length * 2) + 4);
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#cut(measured, middle).width <= room) low = middle;
      else high = middle - 1;
    }
    return low < fewestCharacters ? '' : this.#cut(measured, low).text;
  }

  #measured(text: string): Measured {
    let measured = this.#texts.get(text);
    if (!measured) {
      if (this.#texts.size >= keptTexts || this.#cutCount >= keptCuts) {
        this.#texts.clear();
        this.#cutCount = 0;
      }
      const shown = text.length > longestMeasured ? withoutMiddle(text, longestMeasured) : text;
      measured = { text: shown, width: this.#measure(shown), cuts: new Map() };
      this.#texts.set(text, measured);
    }
    return measured;
  }

  #cut(measured: Measured, characters: number): { text: string; width: DevicePixels } {
    let cut = measured.cuts.get(characters);
    if (!cut) {
      const text = withoutMiddle(measured.text, characters);
      cut = { text, width: this.#measure(text) };
      measured.cuts.set(characters, cut);
      this.#cutCount++;
    }
    return cut;
  }
}

/** `characters` of the text, half from its start and half from its end; no character outside the BMP is cut in two. */
export function withoutMiddle(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let head = Math.ceil(characters / 2);
  let tail = text.length - Math.floor(characters / 2);
  if (head > 0 && isHighSurrogate(text, head - 1)) head--;
  if (tail < text.length && isHighSurrogate(text, tail - 1)) tail++;
  return text.slice(0, head).trimEnd() + ellipsis + text.slice(tail).trimStart();
}

function isHighSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}
