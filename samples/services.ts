import { type Attributes, addAttributes, type DraftSpan, Recording, type SpanOptions } from './draft.ts';
import { type JaegerFile, type Resources, toJaegerShape, toJaegerTrace } from './exportShapes.ts';
import { createRandom, type Random } from './random.ts';

/**
 * A shop's checkout through eleven services, as Jaeger exports it: reads of the cart one by one (N+1), a payment that fails
 * with a 500 and is retried, and consumers of a queue that go on after the customer has the answer.
 */
export function services(): JaegerFile {
  const random = createRandom(8231);
  const traceId = random.hex(32);
  const recording = new Recording({ random, traceId, service: 'web-gateway', tick: 1000 });
  recordCheckout(recording, random);
  return toJaegerShape([toJaegerTrace(traceId, recording.spans, RESOURCES)]);
}

const host = (name: string, version: string, sdk: string): Attributes => ({
  'host.name': `${name}-7c9d4`,
  'service.version': version,
  'telemetry.sdk.language': sdk,
  'deployment.environment': 'production',
});

const RESOURCES: Resources = {
  'web-gateway': host('gateway', '4.12.0', 'nodejs'),
  'checkout-api': host('checkout', '2.31.4', 'go'),
  'auth-service': host('auth', '1.8.2', 'go'),
  'cart-service': host('cart', '3.0.1', 'java'),
  'inventory-service': host('inventory', '2.2.0', 'java'),
  'payment-service': host('payment', '5.1.0', 'dotnet'),
  'shipping-worker': host('shipping', '0.9.7', 'python'),
  'mail-worker': host('mail', '1.4.0', 'python'),
  'fraud-service': host('fraud', '0.33.1', 'python'),
  redis: { 'db.version': '7.4.1' },
  kafka: { 'messaging.cluster': 'orders-eu-1' },
};

const ITEMS = [
  { sku: 'LMP-0042', name: 'Desk lamp “Fyr”', quantity: 1, cents: 6900 },
  { sku: 'MUG-0007', name: 'Enamel mug, blue', quantity: 4, cents: 1250 },
  { sku: 'MAP-0311', name: 'Sea chart, Skagerrak', quantity: 1, cents: 3400 },
  { sku: 'ROP-0150', name: 'Rope, 12 mm, 25 m', quantity: 2, cents: 2780 },
  { sku: 'TEA-0019', name: 'Smoked tea, 100 g', quantity: 3, cents: 990 },
  { sku: 'BRS-0003', name: 'Ship’s bell, brass', quantity: 1, cents: 12400 },
] as const;
const TOTAL_CENTS = ITEMS.reduce((sum, item) => sum + item.quantity * item.cents, 0);

function recordCheckout(recording: Recording, random: Random): void {
  const attributes = {
    'http.request.method': 'POST',
    'url.path': '/checkout',
    'http.route': '/checkout',
    'server.address': 'shop.example',
    'client.address': '203.0.113.42',
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0',
  };
  recording.span('POST /checkout', { kind: 'server', attributes }, (root) => {
    recording.wait(0.6);
    recording.event(root, 'request accepted', { level: 'info', 'request.bytes': 1834 });
    call(recording, random, 'POST', 'checkout-api', '/api/orders', 201, () => {
      validateSession(recording, random);
      readCart(recording, random);
      recording.parallel([() => reserveStock(recording, random), () => priceCart(recording, random)]);
      assessFraud(recording, random);
      charge(recording, random);
      storeOrder(recording, random);
      publishOrder(recording, random);
      recording.wait(0.7);
    });
    recording.wait(0.4);
    addAttributes(root, { 'http.response.status_code': 201 });
  });
}

/** A request over HTTP: a client span at the caller, a server span at the other service, and time on the wire between. */
function call(
  recording: Recording,
  random: Random,
  method: string,
  service: string,
  path: string,
  status: number,
  body: (server: DraftSpan, client: DraftSpan) => void,
): DraftSpan {
  const clientAttributes = { 'http.request.method': method, 'url.full': `http://${service}:8080${path}` };
  return recording.span(`HTTP ${method}`, { kind: 'client', attributes: clientAttributes }, (client) => {
    recording.wait(random.vary(0.5));
    const serverAttributes = { 'http.request.method': method, 'http.route': path };
    recording.span(`${method} ${path}`, { service, kind: 'server', attributes: serverAttributes }, (server) => {
      recording.wait(random.vary(0.3));
      body(server, client);
      addAttributes(server, { 'http.response.status_code': status });
    });
    recording.wait(random.vary(0.5));
    addAttributes(client, { 'http.response.status_code': status });
  });
}

function sql(recording: Recording, random: Random, milliseconds: number, statement: string, rows: number): DraftSpan {
  const verb = statement.split(' ')[0] ?? '';
  const table = /(?:FROM|INTO|UPDATE) (\w+)/.exec(statement)?.[1] ?? 'transaction';
  const attributes = {
    'db.system': 'postgresql',
    'db.namespace': 'shop',
    'db.operation.name': verb,
    'db.query.text': statement,
    'db.response.returned_rows': rows,
    'peer.service': 'postgres',
  };
  return recording.leaf(`${verb} ${table}`, random.vary(milliseconds), { kind: 'client', attributes });
}

/** A server of its own, with a span of its own, as instrumented proxies in front of a database give. */
function redis(recording: Recording, random: Random, milliseconds: number, command: string): DraftSpan {
  const verb = command.split(' ')[0] ?? '';
  const attributes = { 'db.system': 'redis', 'db.query.text': command, 'db.operation.name': verb };
  return recording.span(verb, { kind: 'client', attributes }, () => {
    recording.wait(random.vary(0.15));
    recording.leaf(verb, random.vary(milliseconds), { service: 'redis', kind: 'server', attributes });
    recording.wait(random.vary(0.15));
  });
}

function validateSession(recording: Recording, random: Random): void {
  rpc(recording, random, 'auth-service', 'shop.auth.v1.Sessions/Validate', 0, (server) => {
    redis(recording, random, 0.2, 'GET session:9f27c1');
    recording.event(server, 'token verified', { level: 'debug', 'token.alg': 'EdDSA', 'token.age_s': 412 });
    recording.leaf('verify signature', random.vary(1.1));
  });
}

function rpc(
  recording: Recording,
  random: Random,
  service: string,
  method: string,
  code: number,
  body: (server: DraftSpan) => void,
): DraftSpan {
  const [rpcService = '', rpcMethod = ''] = method.split('/');
  const attributes = {
    'rpc.system': 'grpc',
    'rpc.service': rpcService,
    'rpc.method': rpcMethod,
    'rpc.grpc.status_code': code,
  };
  return recording.span(method, { kind: 'client', attributes }, () => {
    recording.wait(random.vary(0.4));
    recording.span(method, { service, kind: 'server', attributes }, (server) => {
      recording.wait(random.vary(0.2));
      body(server);
      recording.wait(random.vary(0.2));
    });
    recording.wait(random.vary(0.4));
  });
}

function readCart(recording: Recording, random: Random): void {
  call(recording, random, 'GET', 'cart-service', '/carts/{id}', 200, (server) => {
    redis(recording, random, 0.3, 'HGETALL cart:u-42');
    recording.event(server, 'cart loaded', { level: 'info', items: ITEMS.length });
    for (const item of ITEMS) {
      sql(recording, random, 3.4, `SELECT sku, name, cents FROM products WHERE sku = '${item.sku}'`, 1);
      recording.wait(random.vary(0.2));
    }
  });
}

function reserveStock(recording: Recording, random: Random): void {
  rpc(recording, random, 'inventory-service', 'shop.stock.v2.Stock/Reserve', 0, (server) => {
    sql(recording, random, 0.4, 'BEGIN', 0);
    sql(recording, random, 14, 'SELECT sku, on_hand FROM stock WHERE sku = ANY($1) FOR UPDATE', ITEMS.length);
    recording.event(server, 'lock waited for', { level: 'warn', wait_ms: 9, table: 'stock' });
    sql(recording, random, 5.2, 'UPDATE stock SET reserved = reserved + $2 WHERE sku = $1', ITEMS.length);
    sql(recording, random, 2.1, 'COMMIT', 0);
  });
}

function priceCart(recording: Recording, random: Random): void {
  recording.span('price cart', { attributes: { items: ITEMS.length } }, (span) => {
    redis(recording, random, 0.2, 'MGET tax:NO shipping:NO');
    recording.leaf('apply vouchers', random.vary(0.8), { attributes: { vouchers: ['AUTUMN10'] } });
    addAttributes(span, { 'order.total_cents': TOTAL_CENTS, 'order.currency': 'EUR' });
  });
}

function assessFraud(recording: Recording, random: Random): void {
  rpc(recording, random, 'fraud-service', 'shop.fraud.v1.Fraud/Assess', 0, (server) => {
    redis(recording, random, 0.2, 'GET velocity:203.0.113.42');
    recording.leaf('score model', random.vary(19), { attributes: { 'model.name': 'gbdt-2026-10', features: 84 } });
    addAttributes(server, { 'fraud.score': 0.07, 'fraud.decision': 'accept' });
  });
}

const BACKOFF_MS = [0, 100, 200];
const PAYMENT_FAILURE = {
  type: 'Npgsql.PostgresException',
  message: '40001: could not serialize access due to concurrent update',
  stack: `Npgsql.PostgresException (0x80004005): 40001: could not serialize access due to concurrent update
   at Npgsql.Internal.NpgsqlConnector.ReadMessageLong(Boolean async, DataRowLoadingMode mode, Boolean readingNotifications)
   at Npgsql.NpgsqlDataReader.NextResult(Boolean async, Boolean isConsuming, CancellationToken cancellationToken)
   at Payments.Ledger.LedgerStore.AppendAsync(LedgerEntry entry, CancellationToken ct) in /src/Ledger/LedgerStore.cs:line 71
   at Payments.Charges.ChargeHandler.HandleAsync(ChargeRequest request, CancellationToken ct) in /src/Charges/ChargeHandler.cs:line 46`,
};

function charge(recording: Recording, random: Random): void {
  recording.span('charge with retries', { attributes: { 'retry.max_attempts': 3 } }, (retries) => {
    for (const [attempt, backoff] of BACKOFF_MS.entries()) {
      recording.wait(backoff);
      const fails = attempt < 2;
      const client = call(
        recording,
        random,
        'POST',
        'payment-service',
        '/charges',
        fails ? 500 : 200,
        (server, sender) => {
          addAttributes(server, { 'idempotency.key': 'ord-58813', 'retry.attempt': attempt + 1 });
          chargeOnce(recording, random, fails, server, sender);
        },
      );
      addAttributes(client, { 'http.request.resend_count': attempt });
      if (fails) {
        recording.event(retries, 'retry', {
          level: 'warn',
          attempt: attempt + 1,
          next_in_ms: BACKOFF_MS[attempt + 1] ?? 0,
          reason: '500 Internal Server Error',
        });
      }
    }
  });
}

function chargeOnce(recording: Recording, random: Random, fails: boolean, server: DraftSpan, client: DraftSpan): void {
  sql(recording, random, 2.2, 'SELECT balance FROM ledger WHERE account = $1', 1);
  const insert = sql(recording, random, 8.5, 'INSERT INTO ledger (order_id, cents) VALUES ($1, $2)', fails ? 0 : 1);
  if (!fails) {
    recording.leaf('POST card-network', random.vary(182), {
      kind: 'client',
      attributes: {
        'http.request.method': 'POST',
        'server.address': 'cards.example',
        'http.response.status_code': 200,
      },
    });
    recording.event(server, 'charge captured', { level: 'info', cents: TOTAL_CENTS, 'charge.id': 'ch_81c2' });
    return;
  }
  recording.fail(insert, PAYMENT_FAILURE);
  recording.fail(server, { ...PAYMENT_FAILURE, escaped: true });
  client.status = 'error';
  client.statusMessage = '500 Internal Server Error';
}

function storeOrder(recording: Recording, random: Random): void {
  sql(recording, random, 6.3, "INSERT INTO orders (id, state) VALUES ('ord-58813', 'paid')", 1);
  sql(
    recording,
    random,
    4.1,
    'INSERT INTO order_items (order_id, sku, quantity) SELECT * FROM unnest($1)',
    ITEMS.length,
  );
}

function publishOrder(recording: Recording, random: Random): void {
  const messaging = (operation: string): Attributes => ({
    'messaging.system': 'kafka',
    'messaging.destination.name': 'orders',
    'messaging.operation.type': operation,
    'messaging.kafka.partition': 3,
    'messaging.kafka.offset': 771204,
    'messaging.message.id': 'ord-58813',
  });
  recording.span('orders publish', { kind: 'producer', attributes: messaging('publish') }, () => {
    recording.leaf('append', random.vary(2.4), { service: 'kafka', kind: 'server', attributes: { acks: 'all' } });
    // Whoever consumes does so later: nothing here waits for it.
    recording.background(() => {
      recording.parallel([
        () => consume(recording, random, { service: 'shipping-worker', attributes: messaging('process') }, 38, ship),
        () => consume(recording, random, { service: 'mail-worker', attributes: messaging('process') }, 61, sendMail),
      ]);
    });
  });
}

function consume(
  recording: Recording,
  random: Random,
  options: SpanOptions,
  lag: number,
  body: (recording: Recording, random: Random) => void,
): void {
  recording.wait(random.vary(lag));
  recording.span('orders process', { ...options, kind: 'consumer', followsFrom: true }, () => {
    recording.wait(random.vary(0.8));
    body(recording, random);
  });
}

function ship(recording: Recording, random: Random): void {
  sql(recording, random, 3.2, "SELECT address FROM customers WHERE id = 'u-42'", 1);
  recording.leaf('choose parcel', random.vary(7.5), { attributes: { parcel: 'M', 'weight.kg': 4.85 } });
  const attributes = {
    'http.request.method': 'POST',
    'server.address': 'parcels.example',
    'http.response.status_code': 202,
  };
  recording.leaf('POST label', random.vary(420), { kind: 'client', attributes });
  sql(recording, random, 3.7, 'UPDATE shipments SET label = $2 WHERE order_id = $1', 1);
}

function sendMail(recording: Recording, random: Random): void {
  sql(recording, random, 2.8, "SELECT mail, language FROM customers WHERE id = 'u-42'", 1);
  recording.leaf('render template', random.vary(31), {
    attributes: { template: 'order-confirmed', 'template.language': 'nb-NO' },
  });
  recording.span(
    'SMTP send',
    { kind: 'client', attributes: { 'server.address': 'smtp.example', recipients: 1 } },
    (span) => {
      recording.wait(random.vary(260));
      recording.event(span, 'greylisted, trying again', { level: 'warn', 'smtp.reply_code': 451 });
      recording.wait(random.vary(340));
      addAttributes(span, { 'smtp.reply_code': 250 });
    },
  );
}
