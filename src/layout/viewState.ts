import type { CollapsedSpans } from './collapse.ts';
import type { TimeRange } from './timeScale.ts';

/** What a person sees of a trace, as one value: for a link, a reload, or another window. All of it may be left out. */
export interface ViewState {
  /** The selected span's key. */
  readonly selection?: string;
  readonly collapsed?: CollapsedSpans;
  /** Offsets from the trace's start. */
  readonly range?: TimeRange;
  /** In the search box's language. */
  readonly query?: string;
  /** Whether only matches are shown. */
  readonly matchesOnly?: boolean;
  /** Columns by name, in their order. */
  readonly columns?: readonly string[];
  /** The key of the span that is shown as root. */
  readonly focus?: string;
  /** The view that is open, by its name. */
  readonly tab?: string;
  readonly grouping?: boolean;
  /** Keys of groups that show their spans. */
  readonly expandedGroups?: readonly string[];
  /** Whether gaps of missing instrumentation have rows. */
  readonly gaps?: boolean;
  /** Whether the plumbing of known frameworks is left out. */
  readonly withoutNoise?: boolean;
  /** Whether bars show where they hold up the trace. */
  readonly criticalPath?: boolean;
  readonly colorBy?: string;
  /** Whether idle time is compressed. */
  readonly compress?: boolean;
  /** A zone for times of day; undefined for times from the trace's start. */
  readonly timeZone?: string;
}

/**
 * One letter a field, never given to another: a later version adds letters, and reads those of this one. What a letter
 * holds is told by its kind.
 */
const fields: readonly (readonly [letter: string, field: keyof ViewState, kind: FieldKind])[] = [
  ['s', 'selection', 'text'],
  ['c', 'collapsed', 'collapsed'],
  ['r', 'range', 'range'],
  ['q', 'query', 'text'],
  ['m', 'matchesOnly', 'flag'],
  ['o', 'columns', 'texts'],
  ['f', 'focus', 'text'],
  ['t', 'tab', 'text'],
  ['g', 'grouping', 'flag'],
  ['e', 'expandedGroups', 'texts'],
  ['p', 'gaps', 'flag'],
  ['b', 'colorBy', 'text'],
  ['z', 'compress', 'flag'],
  ['l', 'timeZone', 'text'],
  ['n', 'withoutNoise', 'flag'],
  ['k', 'criticalPath', 'flag'],
];

type FieldKind = 'text' | 'texts' | 'flag' | 'range' | 'collapsed';

const version = 1;
/** Beyond, a text is no state that a person made. */
const maxLength = 200_000;
const maxItems = 10_000;

/**
 * The state as a short text of the letters, digits and `-_.*` that stand in a URL as they are: `1.s00f067aa0ba902b7.r0-2500`.
 * A version, then after each dot a field: a letter and its value. Other characters are written `*` and two hexadecimal digits for each
 * byte of UTF-8; items of a list are parted by `**`.
 */
export function encodeViewState(state: ViewState): string {
  const parts = [String(version)];
  for (const [letter, field, kind] of fields) {
    const value = state[field];
    if (value !== undefined) parts.push(letter + encodeValue(kind, value));
  }
  return parts.join('.');
}

/**
 * The state that a text stands for, undefined where it is none. Never throws: fields that this version does not know, that
 * are damaged, or that hold more than anyone would put there are left out, so that a link of a later version shows what it can.
 */
export function decodeViewState(text: string): ViewState | undefined {
  if (text.length > maxLength) return undefined;
  const [head, ...parts] = text.split('.');
  if (!/^[1-9]\d{0,3}$/.test(head!)) return undefined;
  const state: Partial<Record<keyof ViewState, unknown>> = {};
  for (const part of parts) {
    const known = fields.find(([letter]) => letter === part[0]);
    const value = known && decodeValue(known[2], part.slice(1));
    if (known && value !== undefined) state[known[1]] = value;
  }
  return state as ViewState;
}

function encodeValue(kind: FieldKind, value: unknown): string {
  switch (kind) {
    case 'text':
      return escaped(value as string);
    case 'texts':
      return listOf(value as readonly string[]);
    case 'flag':
      return value ? '1' : '0';
    case 'range':
      return (value as TimeRange)
        .map((time) => String(time).replace('-', '_').replace('.', '*2e').replace('+', ''))
        .join('-');
    case 'collapsed': {
      const collapsed = value as CollapsedSpans;
      return 'all' in collapsed ? `a${listOf(collapsed.except)}` : `k${listOf(collapsed)}`;
    }
  }
}

function decodeValue(kind: FieldKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return unescaped(text);
    case 'texts':
      return itemsOf(text);
    case 'flag':
      return text === '1' ? true : text === '0' ? false : undefined;
    case 'range':
      return rangeOf(text);
    case 'collapsed': {
      const items = itemsOf(text.slice(1));
      if (!items) return undefined;
      return text[0] === 'a' ? { all: true, except: new Set(items) } : text[0] === 'k' ? new Set(items) : undefined;
    }
  }
}

function rangeOf(text: string): TimeRange | undefined {
  if (text.length > 100) return undefined;
  const times = text
    .split('-')
    .map((time) => (time === '' ? Number.NaN : Number(time.replaceAll('_', '-').replace('*2e', '.'))));
  const [start, end] = times;
  const isRange = times.length === 2 && Number.isFinite(start) && Number.isFinite(end) && start! <= end!;
  return isRange ? [start!, end!] : undefined;
}

/** An empty list is empty; a list of one empty text is told apart by a parting of its own. */
function listOf(items: Iterable<string>): string {
  return Array.from(items, (item) => `**${escaped(item)}`).join('');
}

function itemsOf(text: string): string[] | undefined {
  if (text === '') return [];
  const [before, ...items] = text.split('**');
  if (before !== '' || items.length > maxItems) return undefined;
  const texts = items.map(unescaped);
  return texts.every((item) => item !== undefined) ? texts : undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, (run) =>
    Array.from(encoder.encode(run), (byte) => `*${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function unescaped(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9_-]|\*[0-9a-f]{2})*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '*') {
      bytes[length++] = Number.parseInt(text.slice(at + 1, at + 3), 16);
      at += 2;
    } else {
      bytes[length++] = text.charCodeAt(at);
    }
  }
  try {
    return decoder.decode(bytes.subarray(0, length));
  } catch {
    // Not UTF-8.
    return undefined;
  }
}
