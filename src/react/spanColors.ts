import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { AttributeValue } from '../model/details.ts';
import type { Span, Trace } from '../model/trace.ts';
import { isContainer, previewText } from './attributeText.ts';
import { colorOfText } from './colors.ts';
import { errorColor } from './flameGraphTheme.ts';
import type { TraceFacts } from './traceFacts.ts';

/**
 * What a span's colour says: `auto` the service where there are several, else the kind; `attribute:` and a key the attribute's
 * value, of the span or else of its resource. A function gives a text of a span: equal texts have one colour, the same in
 * every trace.
 */
export type SpanColorBy = SpanColorName | `attribute:${string}` | ((span: Span) => string);

export const spanColorNames = ['auto', 'service', 'kind', 'status', 'name'] as const;

export type SpanColorName = (typeof spanColorNames)[number];

const attributeMark = 'attribute:';

export function isColorRule(text: string): text is Extract<SpanColorBy, string> {
  return (spanColorNames as readonly string[]).includes(text) || text.startsWith(attributeMark);
}

const unknownColor = 255;
/** How many spans a frame reads for their colours: some 5 µs each. */
const readsInFrame = 1_500;
export const colorOfOther = colorOfText('other');
/** The palette's green. */
const colorOfOk = 4;

/**
 * The colours of a trace's spans, a byte each. Where colour says kind, or what the caller's function says, it is read from
 * attributes, and the first frame of a large trace would read those of 50,000 spans. So a frame reads some, and gives the
 * others the colour that their name had elsewhere until a later frame has read them.
 */
export class SpanColors {
  readonly #trace: Trace;
  readonly #read: (index: SpanIndex) => number;
  readonly #isSlow: boolean;
  /** Of colours that are found at once nothing is kept. */
  readonly #colors: Uint8Array;
  readonly #colorsOfNames: Uint8Array;
  #reads = 0;
  #isGuessing = false;

  constructor(trace: Trace, facts: TraceFacts, colorBy: SpanColorBy) {
    const by = autoResolved(trace, colorBy);
    this.#trace = trace;
    this.#read = colorReader(trace, facts, by);
    this.#isSlow = isSlowColor(trace, by);
    this.#colors = new Uint8Array(this.#isSlow ? trace.spanCount : 0).fill(unknownColor);
    this.#colorsOfNames = new Uint8Array(this.#isSlow ? trace.columns.names.length : 0).fill(unknownColor);
  }

  get isGuessing(): boolean {
    return this.#isGuessing;
  }

  beginFrame(): void {
    this.#reads = 0;
    this.#isGuessing = false;
  }

  color(index: SpanIndex): number {
    if (!this.#isSlow) return this.#read(index);
    const known = this.#colors[index]!;
    if (known !== unknownColor) return known;
    const name = this.#trace.columns.name[index]!;
    if (this.#reads++ >= readsInFrame) {
      this.#isGuessing = true;
      const guess = this.#colorsOfNames[name]!;
      return guess === unknownColor ? colorOfOther : guess;
    }
    const color = this.#read(index);
    this.#colors[index] = color;
    this.#colorsOfNames[name] = color;
    return color;
  }
}

/** The colour of any span, without a budget: for rows, of which few are in sight. */
export function spanColor(trace: Trace, facts: TraceFacts, colorBy: SpanColorBy): (index: SpanIndex) => number {
  return colorReader(trace, facts, autoResolved(trace, colorBy));
}

/** Whether each span's attributes have to be looked at. */
export function isSlowColor(trace: Trace, colorBy: SpanColorBy): boolean {
  const by = autoResolved(trace, colorBy);
  return typeof by === 'function' || by === 'kind' || by.startsWith(attributeMark);
}

function autoResolved(trace: Trace, colorBy: SpanColorBy): Exclude<SpanColorBy, 'auto'> {
  if (colorBy !== 'auto') return colorBy;
  return trace.serviceNames.length > 1 ? 'service' : 'kind';
}

function colorReader(trace: Trace, facts: TraceFacts, by: Exclude<SpanColorBy, 'auto'>): (index: SpanIndex) => number {
  const { columns, serviceNames } = trace;
  if (typeof by === 'function') return (index) => colorOfText(textOf(by, trace.spanAt(index)));
  switch (by) {
    case 'service': {
      const colors = Uint8Array.from(serviceNames, colorOfText);
      return (index) => colors[columns.service[index]!]!;
    }
    case 'name': {
      const colors = Uint8Array.from(columns.names, colorOfText);
      return (index) => colors[columns.name[index]!]!;
    }
    case 'status':
      return (index) =>
        columns.status[index] === statusCode.error
          ? errorColor
          : columns.status[index] === statusCode.ok
            ? colorOfOk
            : colorOfOther;
    case 'kind':
      return (index) => colorOfText(facts.kind(index));
    default: {
      const key = by.slice(attributeMark.length);
      return (index) => {
        const { attributes, resource } = trace.spanAt(index);
        const value = Object.hasOwn(attributes, key)
          ? attributes[key]
          : Object.hasOwn(resource, key)
            ? resource[key]
            : '';
        return value === undefined || value === null || value === '' ? colorOfOther : colorOfText(colorText(value));
      };
    }
  }
}

/** A list or an object stands for itself by its beginning: enough to tell most from each other. */
function colorText(value: AttributeValue): string {
  return isContainer(value) ? previewText(value) : String(value).slice(0, 1000);
}

/** What the caller's function says; one that throws must not take the view with it. */
function textOf(by: (span: Span) => string, span: Span): string {
  try {
    return String(by(span));
  } catch {
    return 'other';
  }
}
