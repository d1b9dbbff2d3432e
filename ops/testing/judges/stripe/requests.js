import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnpublished, openPaths, recordExchanges, stripeTools } from './exchanges.js';

const KEY = 'sk_test_webmetrics';

const FORM = 'application/x-www-form-urlencoded';

/** stripe-mock is one version behind our SDK, and knows no later one as a value. */
const VERSION = '2026-10-28.endive';
const OLDER_VERSION = '2026-08-26.dahlia';

/** What billing asks only where something is unusual, which the recorded tests do not reach: as its code asks. */
const RARE = [
  ['GET', '/v1/balance', ''],
  ['GET', '/v1/charges/ch_1', ''],
  ['GET', '/v1/disputes', 'charge=ch_1&limit=100'],
  ['GET', '/v1/invoices/in_1/lines', 'limit=100'],
  ['GET', '/v1/refunds', 'charge=ch_1&limit=100'],
  ['GET', '/v1/webhook_endpoints/we_1', ''],
  ['GET', '/v1/webhook_endpoints', 'limit=100'],
  ['POST', '/v1/subscriptions/sub_1/resume', ''],
].map(([method, path, query]) => ({ isOurs: true, status: 200, method, path, query, body: '', contentType: FORM }));

async function startMock(folder) {
  const port = 30_000 + (process.pid % 10_000);
  // It listens on all interfaces unless both addresses are given.
  const addresses = ['-http-addr', `127.0.0.1:${port}`, '-https-addr', `127.0.0.1:${port + 1}`];
  const program = spawn(join(folder, 'stripe-mock'), addresses, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fetch(`${url}/v1/customers`, { headers: { authorization: `Bearer ${KEY}` } });
      return { url, stop: () => program.kill('SIGTERM') };
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The names of parameters, whatever their place in a list. */
function namesOf({ query, body }) {
  const names = [query, body].flatMap((text) => [...new URLSearchParams(text).keys()]);
  return [...new Set(names.map((name) => name.replaceAll(/\[\d+\]/g, '[]')))].sort().join(' ');
}

/** Sends each kind of request that billing makes – operation and parameters – once to stripe-mock, which refuses what Stripe would. */
export async function judgeStripeRequests() {
  const folder = await stripeTools();
  const find = openPaths(JSON.parse(readFileSync(join(folder, 'spec3.json'), 'utf8')));
  const kinds = new Map();
  const operations = new Set();
  for (const exchange of [...(await recordExchanges()), ...RARE]) {
    if (!exchange.isOurs || exchange.status >= 400 || isUnpublished(exchange)) continue;
    const operation = `${exchange.method} ${find(exchange.method, exchange.path)?.template ?? exchange.path}`;
    operations.add(operation);
    kinds.set(`${operation} ${namesOf(exchange)}`, exchange);
  }
  const mock = await startMock(folder);
  const refused = [];
  try {
    for (const [kind, { method, path, query, body, contentType }] of kinds) {
      const response = await fetch(`${mock.url}${path}${query && `?${query}`}`, {
        method,
        headers: {
          authorization: `Bearer ${KEY}`,
          ...(contentType && { 'content-type': contentType }),
        },
        ...(method !== 'GET' && { body: body.replace(VERSION, OLDER_VERSION) }),
      });
      const answer = await response.text();
      if (response.status >= 400) refused.push(`${response.status} ${kind}\n  ${answer.replaceAll(/\s+/g, ' ')}`);
    }
  } finally {
    mock.stop();
  }
  process.stdout.write(`${[...operations].sort().join('\n')}\n`);
  process.stdout.write(
    `stripe-mock: ${kinds.size} kinds of requests of ${operations.size} operations, ${refused.length} refused\n`,
  );
  if (operations.size < 20) throw new Error('These are fewer operations than billing has.');
  if (refused.length > 0) throw new Error(refused.join('\n'));
}
