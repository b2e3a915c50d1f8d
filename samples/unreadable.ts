import { agentRun } from './agentRun.ts';

/** An export that broke off in the middle of a string, as a full disk or a cut connection leaves it. */
export function truncatedJson(): string {
  const text = JSON.stringify(agentRun(), null, 2);
  const end = text.indexOf('calendar_conflicts', Math.floor(text.length * 0.6));
  return text.slice(0, end + 8);
}

/** What a proxy answers where a trace was expected. */
export function htmlErrorPage(): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><title>502 Bad Gateway</title></head>
  <body>
    <h1>502 Bad Gateway</h1>
    <p>The trace store at <code>tracing.internal.example:16686</code> did not answer. Request id: 7d41-09c2.</p>
    <hr><address>edge-proxy</address>
  </body>
</html>
`;
}

/** JSON without a trace in it. */
export function emptyObjectText(): string {
  return '{}';
}

export function emptyText(): string {
  return '';
}
