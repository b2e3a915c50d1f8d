import type { MediaPart } from '../transforms/agentMessage.ts';
import { webAddress } from './attributeText.ts';

/** What may be done with an image, a sound or a file out of a trace. */
export type SafeMedia =
  /** Can be shown from the trace itself; `bytes` is its size. */
  | { readonly kind: 'image' | 'audio'; readonly source: string; readonly bytes: number }
  /** Lies on the web: loading it would tell its owner that somebody looks. */
  | { readonly kind: 'remote'; readonly address: string }
  /** SVG, HTML, a type that nobody says, an address of another scheme: told, and not shown. */
  | { readonly kind: 'told' };

// Pixels and samples alone: SVG holds script and loads other files, and HTML is no picture.
const shownTypes: ReadonlyMap<string, 'image' | 'audio'> = new Map([
  ...['png', 'jpeg', 'jpg', 'gif', 'webp', 'avif', 'bmp'].map((type) => [`image/${type}`, 'image'] as const),
  ...['mpeg', 'mp3', 'wav', 'x-wav', 'wave', 'ogg', 'webm', 'flac', 'mp4', 'aac', 'opus'].map(
    (type) => [`audio/${type}`, 'audio'] as const,
  ),
]);

/** Base64 of the bytes that a file of the type begins with. */
const beginnings: readonly (readonly [base64: string, type: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

/** Decides by the type alone, never by what an address or a name ends with. */
export function safeMedia(part: MediaPart): SafeMedia {
  if (part.url !== undefined) {
    const inline = dataAddress(part.url);
    if (inline) return shown(inline.type, inline.base64);
    const address = webAddress(part.url);
    return address === undefined ? { kind: 'told' } : { kind: 'remote', address };
  }
  if (part.data === undefined) return { kind: 'told' };
  const base64 = typeof part.data === 'string' ? part.data : base64Of(part.data);
  const inline = dataAddress(base64);
  if (inline) return shown(inline.type, inline.base64);
  return shown(part.mediaType?.toLowerCase() ?? typeOf(base64), base64);
}

function shown(type: string, base64: string): SafeMedia {
  const kind = shownTypes.get(type.split(';', 1)[0]!.trim());
  const content = kind && standardBase64(base64);
  if (!kind || !content) return { kind: 'told' };
  return { kind, source: `data:${type};base64,${content}`, bytes: Math.floor((content.length * 3) / 4) };
}

/**
 * What a browser takes in an address: without line breaks, with `+` and `/`. Undefined for what is cut off or no base64: the
 * browser would complain of an address that is none.
 */
function standardBase64(base64: string): string | undefined {
  const content = base64.replace(/\s+/g, '').replace(/-/g, '+').replace(/_/g, '/');
  return content !== '' && content.replace(/={1,2}$/, '').length % 4 !== 1 && /^[A-Za-z0-9+/]*={0,2}$/.test(content)
    ? content
    : undefined;
}

/** `data:image/png;base64,…`. Its head is looked at alone: the rest may be megabytes. */
function dataAddress(url: string): { type: string; base64: string } | undefined {
  const head = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)(?:;[a-z0-9=.+-]+)*;base64,/i.exec(url.slice(0, 200));
  return head ? { type: head[1]!.toLowerCase(), base64: url.slice(head[0].length) } : undefined;
}

function typeOf(base64: string): string {
  return beginnings.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? '';
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
