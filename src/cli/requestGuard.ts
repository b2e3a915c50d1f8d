import type { IncomingMessage } from 'node:http';

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * What listens on this machine is reached by every page that is open in its browser. So only who speaks to this very address
 * and comes from no other page is answered:
 *
 * - a page of another site that got its own name to lead to 127.0.0.1 (DNS rebinding) names itself in `Host`;
 * - scripts and forms of other pages name themselves in `Origin`, or are told by the browser in `Sec-Fetch-Site`.
 *
 * Programs send neither of the two.
 */
export function refusalOf({ headers, method }: IncomingMessage, port: number): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
  const host = (headers.host ?? '').toLowerCase();
  if (!hosts.includes(host)) {
    return {
      status: 421,
      message: `This server answers to http://127.0.0.1:${port} alone, and not to “${host.slice(0, 100)}”.`,
    };
  }
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((each) => origin.toLowerCase() === `http://${each}`)) {
    return { status: 403, message: 'Pages of other origins may not read or write here.' };
  }
  const site = headers['sec-fetch-site'];
  const isOpened =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isOpened) {
    return { status: 403, message: 'Pages of other origins may not read or write here.' };
  }
  return undefined;
}
