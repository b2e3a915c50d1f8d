import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toJson } from '../formats/json.ts';
import { toOtlp } from '../formats/otlp.ts';
import type { Trace } from '../model/trace.ts';
import { printableText } from '../text/printableText.ts';
import { ingestOtlp } from '../tracer/otlpIngest.ts';
import { ReadError } from './inputs.ts';
import { LiveSpans } from './liveSpans.ts';
import type { CliOptions } from './options.ts';
import { isRefusal, readOtlpBody } from './otlpBody.ts';
import { pagePolicy, servedPage } from './page.ts';
import { type Refusal, refusalOf } from './requestGuard.ts';
import type { CliWorld } from './world.ts';

const host = '127.0.0.1';
/** Where OpenTelemetry's exporters send to unless told otherwise. */
const otlpPort = 4318;
const viewerPort = 6007;

/** Serves until the world's signal aborts. */
export async function serve(traces: readonly Trace[], options: CliOptions, world: CliWorld): Promise<void> {
  const script = await world.viewerScript();
  const { signal } = world;
  const server = createServer();
  const port = await listening(server, options.port ?? (options.takesOtlp ? otlpPort : viewerPort));
  const site = new Site(traces, options, script, port);
  server.on('request', (request, response) => void site.answer(request, response));
  world.stderr(`The viewer: ${site.address} (Ctrl+C ends it)\n`);
  if (options.takesOtlp) world.stderr(`Spans:      POST OTLP in JSON to ${site.address}/v1/traces\n`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'something else listens there; --port 0 takes any that is free' : error.message;
      reject(new ReadError(`Port ${port} cannot be opened: ${reason}.`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** A body that takes longer comes from nobody who means it. */
const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** What of a browser that does not keep up waits in memory at most. */
const mostWaiting = 128 * 1024 * 1024;

class Site {
  readonly address: string;
  readonly #traces: readonly Trace[];
  readonly #options: CliOptions;
  readonly #script: string;
  readonly #port: number;
  readonly #live = new LiveSpans();

  constructor(traces: readonly Trace[], options: CliOptions, script: string, port: number) {
    this.#traces = traces;
    this.#options = options;
    this.#script = script;
    this.#port = port;
    this.address = `http://${host}:${port}`;
    if (options.takesOtlp) for (const trace of traces) this.#live.add(toOtlp(trace));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    try {
      const refusal = refusalOf(request, this.#port) ?? (await this.#answerPath(request, response));
      if (refusal) refuse(request, response, refusal);
    } catch {
      // Who hung up hears nothing more.
      response.destroy();
    }
  }

  async #answerPath(request: IncomingMessage, response: ServerResponse): Promise<Refusal | undefined> {
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    const isLive = this.#options.takesOtlp;
    if (path === '/v1/traces' && isLive) return this.#takeSpans(request, response);
    const isKnown = path === '/' || path === '/standalone.js' || path === (isLive ? '/events' : '/trace');
    if (!isKnown) return { status: 404, message: notFound(path, isLive) };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return { status: 405, message: 'This can only be read.' };
    }
    if (path === '/') this.#sendPage(response);
    else if (path === '/events') this.#sendEvents(request, response);
    else if (path === '/trace') this.#sendTraces(response);
    else send(response, 'text/javascript; charset=utf-8', this.#script);
    return undefined;
  }

  #sendPage(response: ServerResponse): void {
    const nonce = randomBytes(18).toString('base64');
    response.setHeader('content-security-policy', pagePolicy(nonce));
    const first = this.#traces[0];
    const title = first && first.spanCount > 0 ? `${printableText(first.spanAt(0).name)} · spanscope` : 'spanscope';
    const page = servedPage({ nonce, isLive: this.#options.takesOtlp, address: this.address, title });
    send(response, 'text/html; charset=utf-8', page);
  }

  /** A trace on a line. */
  #sendTraces(response: ServerResponse): void {
    response.setHeader('content-type', 'application/x-ndjson');
    for (const trace of this.#traces) response.write(`${JSON.stringify(toJson(trace))}\n`);
    response.end();
  }

  #sendEvents(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('content-type', 'text/event-stream');
    response.flushHeaders();
    const after = Number(request.headers['last-event-id'] ?? 0) || 0;
    const stop = this.#live.listen(
      {
        send: (id, text) => {
          response.write(`id: ${id}\nevent: spans\ndata: ${text}\n\n`);
          if (response.writableLength > mostWaiting) response.destroy();
        },
      },
      after,
    );
    response.on('close', stop);
  }

  async #takeSpans(request: IncomingMessage, response: ServerResponse): Promise<Refusal | undefined> {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      return { status: 405, message: 'Spans are sent here by POST.' };
    }
    const body = await readOtlpBody(request, this.#options.maxBody);
    if (isRefusal(body)) return body;
    const partialSuccess = partialSuccessOf(body);
    this.#live.add(body);
    send(response, 'application/json', JSON.stringify({ partialSuccess }));
    return undefined;
  }
}

/** As OTLP has it: how many entries are no spans, and why. Nothing where all are. */
function partialSuccessOf(body: object): { rejectedSpans?: string; errorMessage?: string } {
  const { skipped, warnings } = ingestOtlp(body, { take: () => {}, addReason: () => {} });
  if (skipped === 0) return {};
  return { rejectedSpans: String(skipped), errorMessage: warnings.map(({ message }) => message).join(' ') };
}

function notFound(path: string, isLive: boolean): string {
  if (path === '/v1/traces' && !isLive) return 'Spans are taken where the command has --otlp.';
  if (/^\/v1\/(?:logs|metrics)$/.test(path)) return 'Traces alone are taken: /v1/traces.';
  return 'There is nothing here.';
}

function send(response: ServerResponse, type: string, text: string): void {
  response.setHeader('content-type', type);
  response.end(text);
}

/** As OTLP asks for: a Status message in JSON. The connection ends where a body is not read to its end. */
function refuse(request: IncomingMessage, response: ServerResponse, { status, message }: Refusal): void {
  const { socket } = response;
  response.statusCode = status;
  const isUnread = !request.complete;
  if (isUnread) {
    response.setHeader('connection', 'close');
    response.on('finish', () => socket?.destroySoon());
  }
  send(response, 'application/json', `${JSON.stringify({ message })}\n`);
}
