/** What the served page needs to know. */
export interface PageOptions {
  readonly nonce: string;
  readonly isLive: boolean;
  readonly address: string;
  readonly title: string;
}

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

/**
 * Reads all that came again with each batch of it, off the main thread, and as seldom as it takes long. The newest trace is
 * shown until the person picks one or selects a span.
 */
const liveScript = `
const viewer = document.querySelector('span-scope');
const status = document.querySelector('[role=status]');
const bodies = [];
let isHeld = false;
let isReading = false;
let isBehind = false;
const counted = (count, noun) => count.toLocaleString('en') + ' ' + noun + (count === 1 ? '' : 's');
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const show = ({ traces, ...result }) => {
  const newest = traces.reduce((a, b) => (b.startTimeUnixNano > a.startTimeUnixNano ? b : a));
  if (!isHeld) viewer.traceId = newest.traceId;
  viewer.trace = { ...result, traces };
  viewer.hidden = false;
  const spans = traces.reduce((sum, trace) => sum + trace.spanCount, 0);
  status.textContent = 'Live: ' + counted(spans, 'span') + ' in ' + counted(traces.length, 'trace');
};
const read = async () => {
  isBehind = true;
  if (isReading) return;
  isReading = true;
  await wait(30);
  while (isBehind) {
    isBehind = false;
    const started = performance.now();
    try {
      show(await spanscope.readTraces(new Blob(bodies), { format: 'otlp' }));
    } catch (error) {
      status.textContent = 'What came last cannot be read: ' + error.message;
    }
    await wait(Math.max(30, (performance.now() - started) * 2));
  }
  isReading = false;
};
viewer.addEventListener('trace-change', () => { isHeld = true; });
viewer.addEventListener('span-select', () => { isHeld = true; });
const events = new EventSource('/events');
events.addEventListener('spans', ({ data }) => {
  bodies.push(data + '\\n');
  read();
});
events.addEventListener('error', () => { status.textContent = 'The server does not answer. What came so far is shown.'; });
`;
