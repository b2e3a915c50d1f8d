import { Gzip } from 'fflate';
import { base64FromBytes } from '../formats/base64.ts';
import { toJson } from '../formats/json.ts';
import type { Trace } from '../model/trace.ts';

export interface HtmlOptions {
  /** The text of `spanscope/standalone` (in Node: of the file that `import.meta.resolve('spanscope/standalone')` names). */
  viewerScript: string;
  /**
   * Of the page.
   * @default the first span's name
   */
  title?: string;
  /**
   * What the page opens with, as the attributes of `<span-scope>`.
   * @default 'auto', 'waterfall'
   */
  theme?: 'auto' | 'light' | 'dark';
  view?: 'waterfall' | 'tree' | 'flame-graph' | 'table' | 'transcript' | 'iterations';
  selectedSpanId?: string;
  /**
   * Which the page's policy lets run. Only for who wants the same page twice: it has to be one that nobody can guess.
   * @default a random one
   */
  nonce?: string;
}

/**
 * One HTML file with the whole viewer and the trace inside, which opens from disk, without a server or a network.
 *
 * - The trace is plain JSON, gzipped, in base64: what stands in it cannot end the script that holds it, whatever it is.
 * - The page's Content-Security-Policy lets nothing load, no request leave, and only its own three scripts and its style run.
 *
 * Several traces go into one file; the viewer lets one pick.
 */
export function toHtml(traces: Trace | readonly Trace[], options: HtmlOptions): string {
  const { viewerScript, nonce = randomNonce(), theme = 'auto', view = 'waterfall', selectedSpanId } = options;
  if (typeof viewerScript !== 'string' || viewerScript === '') {
    throw new TypeError(
      'toHtml needs the viewer’s script: read the file of `spanscope/standalone` and pass its text as `viewerScript`.',
    );
  }
  const all = Array.isArray(traces) ? (traces as readonly Trace[]) : [traces as Trace];
  const title = options.title ?? titleOf(all[0]);
  const attributes = Object.entries({ theme, view, 'selected-span-id': selectedSpanId });
  const element = attributes.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${escaped(value)}"`]));
  const quoted = escaped(nonce);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(quoted)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style nonce="${quoted}">html, body { margin: 0; height: 100%; font-family: system-ui, sans-serif; } span-scope { height: 100%; }</style>
</head>
<body>
<span-scope ${element.join(' ')}></span-scope>
<noscript>This page shows a trace by a script. Allow scripts to see it.</noscript>
<script type="application/octet-stream" id="spanscope-trace">${packed(all)}</script>
<script nonce="${quoted}">${withinScript(viewerScript)}</script>
<script nonce="${quoted}">${opening}</script>
</body>
</html>
`;
}

/** What is in the page already may run; images and sounds that lie in the trace itself may show. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'worker-src blob:',
    'img-src data: blob:',
    'media-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types spanscope',
  ].join('; ');
}

/** Gives the viewer the bytes as a file, which it reads off the main thread. */
const opening = `
const text = document.getElementById('spanscope-trace').textContent;
const binary = atob(text);
const bytes = new Uint8Array(binary.length);
for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
document.querySelector('span-scope').trace = new Blob([bytes]);
`;

function titleOf(trace: Trace | undefined): string {
  return trace && trace.spanCount > 0 ? `${trace.spanAt(0).name} · spanscope` : 'spanscope';
}

/** A span at a time: all of them as one text may be longer than a string can be. */
function packed(traces: readonly Trace[]): string {
  const parts: Uint8Array[] = [];
  const gzip = new Gzip({ level: 6, mtime: 0 }, (part) => parts.push(part));
  const encoder = new TextEncoder();
  const write = (text: string, isLast = false) => gzip.push(encoder.encode(text), isLast);
  for (const trace of traces) writeTrace(trace, write);
  write('', true);
  return base64Of(joined(parts));
}

/** A multiple of three, so that pieces join without padding between them. */
const pieceLength = 48 * 1024;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += pieceLength) text += base64FromBytes(bytes.subarray(at, at + pieceLength));
  return text;
}

const spansAtOnce = 500;

/** One trace on a line. */
function writeTrace(trace: Trace, write: (text: string) => void): void {
  const { spans, ...head } = toJson(trace) as { spans: readonly object[] };
  write(`${JSON.stringify(head).slice(0, -1)},"spans":[`);
  for (let from = 0; from < spans.length; from += spansAtOnce) {
    const texts = spans.slice(from, from + spansAtOnce).map((span) => JSON.stringify(span));
    write(`${from > 0 ? ',' : ''}${texts.join(',')}`);
  }
  write(']}\n');
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** In a script's strings and patterns, where alone these can stand, the backslash changes nothing. */
function withinScript(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, '\\x3c');
}

function escaped(text: string): string {
  return text.replace(/[&<>"'\0]/g, (character) => `&#${character.charCodeAt(0) || 0xfffd};`);
}

function randomNonce(): string {
  return base64FromBytes(crypto.getRandomValues(new Uint8Array(18)));
}
