import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';

// The least that receives events of Stripe safely: verifies the signature and stores the event once. Started with a database and a secret.

const [databaseUrl, secret = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl });
await pool.query(
  'CREATE TABLE IF NOT EXISTS plain_event (id text PRIMARY KEY, body text NOT NULL, received_at timestamptz NOT NULL DEFAULT now())',
);

const server = createServer(async (request, response) => {
  const body = await text(request);
  const [, timestamp, given = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers['stripe-signature'])) ?? [];
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(given.padEnd(64, '0'), 'hex'))) return void response.writeHead(400).end();
  await pool.query('INSERT INTO plain_event (id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    JSON.parse(body).id,
    body,
  ]);
  response.writeHead(200).end('{"received":true}');
}).listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
