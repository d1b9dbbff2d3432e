import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { ConfigurationError } from '#runtime/errors.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { listenApart } from './listen-apart.js';

const host = '127.0.0.1';

/** A thread that asks over 600 connections at once, and tells how many were answered. */
const CROWD = `
  const { connect } = require('node:net');
  const { parentPort, workerData: { port, cell } } = require('node:worker_threads');
  let asked = 0, ended = 0, answered = 0;
  const open = (path) => {
    const socket = connect(port, '${host}', () => socket.write('GET ' + path + ' HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n', onAsked));
    return socket.on('error', () => {});
  };
  const onAsked = () => {
    asked += 1;
    // Whoever gets this answer came after the others.
    if (asked === 600) open('/health').on('data', () => { Atomics.store(cell, 0, 1); Atomics.notify(cell, 0); });
  };
  for (let number = 0; number < 600; number += 1) {
    open('/whoami').once('data', () => { answered += 1; }).on('close', () => {
      ended += 1;
      if (ended === 600) parentPort.postMessage(answered);
    });
  }
`;

describe('a server that listens in a thread of its own', () => {
  let app: FastifyInstance;
  let lifecycle: Lifecycle;

  beforeEach(() => {
    const logger = createLogger({ level: 'silent', isPretty: false });
    lifecycle = new Lifecycle(logger);
    app = fastify({ forceCloseConnections: 'idle', return503OnClosing: false });
    app.get('/whoami', async ({ ip }) => ip);
    closeGracefully(app, { lifecycle, logger });
  });
  afterEach(() => lifecycle.close());

  const listenOn = (port: number) => listenApart(app, { host, port, variable: 'PORT', environment: 'test', lifecycle });

  it('says that it is alive while it does nothing but wait for whoever asks', async () => {
    const port = await listenOn(0);
    const program = `fetch('http://${host}:${port}/health').then(async (answer) => console.log(await answer.text()))`;
    const answer = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect(JSON.parse(answer)).toMatchObject({ status: 'ok', environment: 'test' });
  });

  it('keeps those waiting who come while it does not accept, however many', async () => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    const crowd = new Worker(CROWD, { eval: true, workerData: { port: await listenOn(0), cell } });
    const answered = once(crowd, 'message');
    // Nothing else happens in this thread until all have asked.
    Atomics.wait(cell, 0, 0);
    expect(await answered).toEqual([600]);
    await crowd.terminate();
  });

  it('answers everything else itself, until it closes', async () => {
    const url = `http://${host}:${await listenOn(0)}/whoami`;
    expect(await (await fetch(url)).text()).toBe(host);
    await lifecycle.close();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('says which setting to change when the port is taken', async () => {
    const occupant = createServer();
    const port = await new Promise<number>((resolve) => {
      occupant.listen(0, host, () => resolve((occupant.address() as { port: number }).port));
    });
    try {
      await expect(listenOn(port)).rejects.toThrow(
        new ConfigurationError(`Port ${port} is taken: stop what is listening there, or set PORT to a free port.`),
      );
    } finally {
      occupant.close();
    }
  });
});
