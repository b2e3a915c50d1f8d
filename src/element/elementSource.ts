import type { TraceSource } from '../read/readTraces.ts';

/** Whether it has to be streamed: a file, a server's answer, a stream. All else is parsed as it is. */
export function isTraceSource(value: unknown): value is TraceSource {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return ['Blob', 'File', 'Response', 'ReadableStream'].includes(kind);
}

/** The bytes at an address, asked for when somebody begins to read; leaving early hangs up. */
export function sourceAt(url: string): TraceSource {
  return {
    async *[Symbol.asyncIterator]() {
      const controller = new AbortController();
      try {
        const response = await fetchTrace(url, controller.signal);
        const reader = response.body?.getReader();
        if (!reader) return;
        for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
      } finally {
        controller.abort();
      }
    },
  };
}

async function fetchTrace(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    const isFile = /^file:/i.test(new URL(url, document.baseURI).href);
    const reason = isFile
      ? 'a page cannot fetch files from disk: set its `trace` property instead, or serve the page'
      : 'is it there, does the server allow this page (CORS), and does the Content-Security-Policy allow it (connect-src)?';
    throw new Error(`The trace at ${url} could not be fetched: ${reason}`, { cause: error });
  }
  if (response.ok) return response;
  throw new Error(
    `The server answered ${`${response.status} ${response.statusText}`.trim()} where a trace was expected (${url}). Is the address right, and is a login needed?`,
  );
}
