import type { Attributes, DraftSpan, Failure } from './draft.ts';
import { type AgentAtWork, chat, checkpoint, executeTool, httpRequest, type Outcome, step, toolCall } from './genAi.ts';
import { HOLD_EXPIRED_STACK } from './messyTexts.ts';

const HAULIERS = [
  { name: 'Pakkemus', total: 3180, climate: true },
  { name: 'Snegl Transport', total: 2890, climate: false },
  { name: 'Tung Tur', total: 4120, climate: true },
  { name: 'Rolig Last', total: 3540, climate: true },
  { name: 'Kvikk Flytt', total: 5950, climate: true },
  { name: 'Hare og Skilpadde', total: 3310, climate: false },
] as const;
const UNAVAILABLE = 4;
const SHARED_ID = 1;
const WITHOUT_PARENT = 2;

/** Asks six hauliers at once, then holds the cheapest truck that has climate control. */
export function quoteAndHold(work: AgentAtWork): Outcome {
  const { recording } = work;
  watchMailbox(work);
  step(work, 1, () => {
    const asks = HAULIERS.map((haulier, index) => ({
      index,
      call: toolCall(work, 'get_quote', {
        haulier: haulier.name,
        tonnes: 4.2,
        climate_control: true,
        date: '2026-12-08',
      }),
    }));
    const calls = asks.map(({ call }) => call);
    chat(work, 'I ask all six hauliers at once.', calls);
    recording.parallel(
      asks.map(
        ({ call, index }) =>
          () =>
            executeTool(work, call, () => quote(work, index)),
      ),
    );
  });
  checkpoint(work, 1);
  step(work, 2, () => hold(work));
  checkpoint(work, 2);
  const summary = 'Held: Pakkemus, 8 December, 7.5 t with climate control, 3,180 EUR, hold H-20713 until 10:00 UTC.';
  step(work, 3, () => chat(work, summary));
  return { summary };
}

/** Listens until the process ends, which it had not when the trace was exported. */
function watchMailbox(work: AgentAtWork): void {
  const { recording } = work;
  recording.background(() => {
    recording.span(
      'watch_mailbox bookings@museum.example',
      { attributes: { 'mail.protocol': 'imap', idle: true } },
      (span) => {
        recording.event(span, 'connected', { 'server.address': 'imap.museum.example' });
        recording.leaveOpen(span);
      },
    );
  });
}

function quote(work: AgentAtWork, index: number): { haulier: string; total_eur: number; climate: boolean } {
  const haulier = HAULIERS[index] ?? HAULIERS[0];
  const url = 'https://hauler-api.example/quotes';
  if (index === UNAVAILABLE) {
    httpRequest(work, { method: 'POST', url, status: 503 }, () => work.recording.wait(work.random.vary(96)));
    work.recording.wait(500);
  }
  httpRequest(work, { method: 'POST', url, status: 200, resend: index === UNAVAILABLE ? 1 : 0 }, (client) => {
    work.recording.wait(work.random.vary(8));
    answerQuote(work, index, client);
    work.recording.wait(work.random.vary(8));
  });
  return { haulier: haulier.name, total_eur: haulier.total, climate: haulier.climate };
}

/** The server's half. An old proxy gives one of them the id of the client's half; of another the parent was never exported. */
function answerQuote({ recording, random }: AgentAtWork, index: number, client: DraftSpan): void {
  const identity =
    index === SHARED_ID
      ? { spanId: client.spanId, parentSpanId: client.parentSpanId ?? null }
      : index === WITHOUT_PARENT
        ? { parentSpanId: random.hex(16) }
        : {};
  const attributes: Attributes = {
    'http.request.method': 'POST',
    'http.route': '/quotes',
    'http.response.status_code': 200,
  };
  recording.span('POST /quotes', { ...identity, service: 'hauler-api', kind: 'server', attributes }, () => {
    recording.span('compute price', { attributes: { 'price.rules': 12 } }, () => {
      recording.leaf('GET route', random.vary(74), {
        kind: 'client',
        attributes: { 'http.request.method': 'GET', 'server.address': 'routes.example', 'route.km': 38 },
      });
      recording.leaf('SELECT tariffs', random.vary(8), {
        kind: 'client',
        attributes: {
          'db.system.name': 'postgresql',
          'db.query.text': 'SELECT rule, eur FROM tariffs WHERE tonnes >= $1',
        },
      });
    });
  });
}

function hold(work: AgentAtWork): void {
  const { recording, random } = work;
  const call = toolCall(work, 'hold_truck', { haulier: 'Pakkemus', date: '2026-12-08', minutes: 30 });
  chat(work, 'Snegl is cheaper but has no climate control. Pakkemus it is, for as long as they hold it.', [call]);
  executeTool(work, call, () => {
    httpRequest(work, { method: 'POST', url: 'https://hauler-api.example/holds', status: 201 }, () => {
      const attributes: Attributes = {
        'http.request.method': 'POST',
        'http.route': '/holds',
        'http.response.status_code': 201,
      };
      recording.span('POST /holds', { service: 'hauler-api', kind: 'server', attributes }, () => {
        recording.leaf('INSERT holds', random.vary(7), {
          kind: 'client',
          attributes: {
            'db.system.name': 'postgresql',
            'db.query.text': 'INSERT INTO holds (truck, until) VALUES ($1, now() + $2)',
          },
        });
      });
    });
    return { hold: 'H-20713', until: '2026-11-23T10:00:06Z', total_eur: 3180 };
  });
}

const BACKOFF_MS = [0, 1000, 2000, 4000];

const HOLD_EXPIRED: Failure = {
  type: 'HoldExpiredError',
  message: 'Pakkemus: hold H-20713 expired at 10:00:06, before the confirmation came',
};

/** The hold has run out, so trying again cannot help; it is tried three times more, and nobody catches what is thrown then. */
export function confirmTruck(work: AgentAtWork): Outcome {
  const { recording } = work;
  step(work, 4, (span) => {
    const call = toolCall(work, 'confirm_booking', { hold: 'H-20713', approved_by: 'director' });
    chat(work, 'Approved. I confirm the hold.', [call]);
    executeTool(work, call, (tool) => {
      for (const [attempt, pause] of BACKOFF_MS.entries()) {
        recording.wait(pause);
        confirmOnce(work, attempt);
        if (attempt < BACKOFF_MS.length - 1) {
          recording.event(tool, 'retry', {
            attempt: attempt + 1,
            'backoff.ms': BACKOFF_MS[attempt + 1] ?? 0,
            reason: '409 Conflict',
          });
        }
      }
      recording.fail(tool, { ...HOLD_EXPIRED, escaped: true });
      return { error: HOLD_EXPIRED.message };
    });
    span.status = 'error';
    span.statusMessage = HOLD_EXPIRED.message;
  });
  return { summary: '', failure: HOLD_EXPIRED };
}

function confirmOnce(work: AgentAtWork, attempt: number): void {
  const { recording, random } = work;
  httpRequest(
    work,
    { method: 'POST', url: 'https://hauler-api.example/holds/H-20713/confirm', status: 409, resend: attempt },
    () => {
      recording.wait(random.vary(9));
      const attributes: Attributes = {
        'http.request.method': 'POST',
        'http.route': '/holds/{id}/confirm',
        'http.response.status_code': 409,
      };
      recording.span('POST /holds/{id}/confirm', { service: 'hauler-api', kind: 'server', attributes }, (server) => {
        recording.leaf('SELECT holds', random.vary(4), {
          kind: 'client',
          attributes: {
            'db.system.name': 'postgresql',
            'db.query.text': 'SELECT state, until FROM holds WHERE id = $1',
          },
        });
        recording.fail(server, {
          type: 'example.pakkemus.booking.HoldExpiredException',
          message: 'hold H-20713 expired at 2026-11-23T10:00:06Z',
          stack: HOLD_EXPIRED_STACK,
        });
      });
      recording.wait(random.vary(9));
    },
  );
}
