import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPlatform } from '#gateway/platform.js';
import { newDatabase, openTestBaseServices } from '#ops/testing/test-services.js';
import { listen } from '#runtime/http/listen.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { readJson, readJsonUntil } from './read-json.js';

const OPERATOR_TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789';

describe('a gateway whose subgraphs come and go', () => {
  const away = new Set<SubgraphName>();
  const silent = new Set<SubgraphName>();
  const servers: Server[] = [];
  let url: string;
  let close: () => Promise<void>;

  /** A subgraph as far as probes go. */
  async function serve(name: SubgraphName): Promise<string> {
    const server = createServer((request, response) => {
      if (request.url === '/status' && silent.has(name)) return;
      response.writeHead(away.has(name) ? 503 : 200).end('{"own":null,"installation":{"unknown":{}}}');
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
  }

  beforeAll(async () => {
    const environment: Record<string, string> = { OPERATOR_TOKEN };
    for (const name of subgraphNames) environment[`SUBGRAPH_${name.toUpperCase()}_URL`] = await serve(name);
    const base = await openTestBaseServices({ environment });
    const { app } = await openPlatform(base);
    url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
    close = () => base.lifecycle.close();
  });
  afterAll(async () => {
    await close?.();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is degraded without billing', async () => {
    away.add('billing');
    const { status, body } = await readJsonUntil(`${url}/ready`, ({ body: { checks } }) => checks.billing !== 'ok');
    expect([status, body.status, body.checks.billing]).toEqual([200, 'ready', 'degraded']);
    expect((await readJson(`${url}/api/status`)).body.status).toBe('degraded');
    away.delete('billing');
    await readJsonUntil(`${url}/ready`, ({ body: { checks } }) => checks.billing === 'ok');
  });

  it('is not ready without auth, and is again when that is back', async () => {
    away.add('auth');
    const { body } = await readJsonUntil(`${url}/ready`, ({ status }) => status === 503);
    expect([body.status, body.checks.auth, body.checks.billing]).toEqual(['not ready', 'failed', 'ok']);
    expect((await readJson(`${url}/health`)).status).toBe(200);
    away.delete('auth');
    await readJsonUntil(`${url}/ready`, ({ status }) => status === 200);
  });

  it('reports to operators which parts of the status are unknown when a subgraph does not answer', async () => {
    silent.add('integrations');
    const { body } = await readJson(`${url}/api/status`, `Bearer ${OPERATOR_TOKEN}`);
    expect(body).toMatchObject({
      environment: 'test',
      integrations: null,
      database: null,
      unknown: { integrations: 'no answer in time', database: 'no subgraph answered' },
    });
  });
});

describe('a gateway whose database goes away', () => {
  it('is alive but not ready, and is ready by itself when that is back', async () => {
    const database = new URL(await newDatabase());
    const sockets = new Set<Socket>();
    let isAway = false;
    const proxy = createTcpServer((client) => {
      if (isAway) return void client.destroy();
      const server = connect(Number(database.port), database.hostname);
      for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
      client.pipe(server).pipe(client);
      client.on('close', () => server.destroy());
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const behindProxy = new URL(database);
    behindProxy.hostname = '127.0.0.1';
    behindProxy.port = String((proxy.address() as { port: number }).port);
    const base = await openTestBaseServices({ environment: { DATABASE_URL: behindProxy.href } });
    const { app } = await openPlatform(base);
    const url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
    try {
      expect((await readJson(`${url}/ready`)).status).toBe(200);
      isAway = true;
      for (const socket of sockets) socket.destroy();
      const { body } = await readJsonUntil(
        `${url}/ready`,
        ({ status, body: { checks } }) => status === 503 && checks.database !== 'ok',
      );
      expect(body.checks).toMatchObject({ supergraph: 'ok', database: 'failed' });
      expect((await readJson(`${url}/health`)).status).toBe(200);
      isAway = false;
      await readJsonUntil(`${url}/ready`, ({ status }) => status === 200);
      await new Client(url).signUp('Nora');
    } finally {
      await base.lifecycle.close();
      proxy.close();
    }
  });
});
