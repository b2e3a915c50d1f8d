/** What the served page needs to know. */
export interface PageOptions {
  readonly nonce: string;
  readonly isLive: boolean;
  readonly address: string;
  readonly title: string;
}

/** What the page keeps; the oldest goes first. */
const mostTraces = 1000;
const mostSpans = 1_000_000;
/** Exporters send in batches, a parent often seconds after its children: so long its children wait for it. */
const settleAfter = 30_000;

export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'worker-src blob:',
    'img-src data: blob:',
    'media-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types spanscope',
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The viewer over what is served. */
export function servedPage({ nonce, isLive, address, title }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">
html, body { margin: 0; height: 100%; font-family: system-ui, sans-serif; }
body { display: flex; flex-direction: column; }
span-scope { flex: 1; min-height: 0; height: auto; }
[role='status'] { flex: none; margin: 0; padding: 6px 12px; font-size: 13px; }
[hidden] { display: none; }
</style>
<script src="/standalone.js"></script>
</head>
<body>
${isLive ? `<p role="status">Waiting for spans: POST OTLP in JSON to ${address}/v1/traces</p>\n<span-scope hidden></span-scope>` : '<span-scope src="/trace"></span-scope>'}
${isLive ? `<script nonce="${nonce}">${liveScript}</script>\n` : ''}</body>
</html>
`;
}

/** A recorder in the page takes each body as it comes; the element shows its traces while they grow. */
const liveScript = `
const viewer = document.querySelector('span-scope');
const status = document.querySelector('[role=status]');
const recorder = spanscope.createTraceRecorder({ maxTraces: ${mostTraces}, maxSpans: ${mostSpans}, settleAfter: ${settleAfter} });
const counted = (count, noun) => count.toLocaleString('en') + ' ' + noun + (count === 1 ? '' : 's');
const waiting = status.textContent;
let hasLost = false;
const tell = () => {
  const { kept, dropped } = recorder;
  if (kept.traces === 0) {
    status.textContent = hasLost ? 'The server does not answer.' : waiting;
    return;
  }
  viewer.hidden = false;
  const gone = dropped.spans > 0 ? '; ' + counted(dropped.spans, 'older span') + ' dropped' : '';
  status.textContent = (hasLost ? 'The server does not answer. ' : 'Live: ') + counted(kept.spans, 'span') + ' in ' +
    counted(kept.traces, 'trace') + gone;
};
viewer.trace = recorder;
let isTold = true;
recorder.subscribe(() => {
  if (!isTold) return;
  isTold = false;
  setTimeout(() => { isTold = true; tell(); }, 250);
  tell();
});
const events = new EventSource('/events');
events.addEventListener('spans', ({ data }) => {
  try {
    recorder.ingest(data);
  } catch (error) {
    status.textContent = 'What came last cannot be read: ' + error.message;
  }
});
events.addEventListener('open', () => { hasLost = false; tell(); });
events.addEventListener('error', () => { hasLost = true; tell(); });
`;
