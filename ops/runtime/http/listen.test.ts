import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { freePort } from '#ops/testing/free-port.js';
import { ConfigurationError } from '#runtime/errors.js';
import { checkPort, listen } from './listen.js';

const host = '127.0.0.1';

describe('a port', () => {
  let occupant: Server;
  let taken: number;
  beforeEach(async () => {
    occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(0, host, resolve));
    taken = (occupant.address() as { port: number }).port;
  });
  afterEach(() => new Promise((resolve) => occupant.close(resolve)));

  it('that is taken is refused before anything starts, with advice', async () => {
    const error = await checkPort(host, taken, 'PORT').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toBe(
      `Port ${taken} is taken: stop what is listening there, or set PORT to a free port.`,
    );
  });

  it('that is taken is refused by the server, too', async () => {
    const app = fastify();
    await expect(listen(app, host, taken, '--port')).rejects.toThrow(
      new ConfigurationError(`Port ${taken} is taken: stop what is listening there, or set --port to a free port.`),
    );
    await app.close();
  });

  it('that is free can be checked and then used', async () => {
    const free = await freePort();
    await checkPort(host, free, 'PORT');
    const app = fastify();
    expect(await listen(app, host, free, 'PORT')).toBe(free);
    await app.close();
  });

  it('0 is any free one', async () => {
    await checkPort(host, 0, 'PORT');
    const app = fastify();
    expect(await listen(app, host, 0, 'PORT')).toBeGreaterThan(0);
    await app.close();
  });

  it('that is privileged is refused with advice', async () => {
    const failing = { listen: () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })) };
    await expect(listen(failing, host, 80, 'PORT')).rejects.toThrow(
      new ConfigurationError('This user may not listen on port 80: set PORT to a port above 1023.'),
    );
  });

  it('passes any other failure on', async () => {
    const failure = new Error('no such host');
    await expect(listen({ listen: () => Promise.reject(failure) }, host, 80, 'PORT')).rejects.toBe(failure);
  });
});

/** A thread that opens 600 connections at once, and reports how many were answered. */
const CROWD = `
  const { connect } = require('node:net');
  const { parentPort, workerData: { port, cell } } = require('node:worker_threads');
  let sent = 0, ended = 0, answered = 0;
  const onSent = () => {
    sent += 1;
    if (sent === 600) { Atomics.store(cell, 0, 1); Atomics.notify(cell, 0); }
  };
  for (let number = 0; number < 600; number += 1) {
    const socket = connect(port, '${host}', () => socket.write('GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n', onSent));
    socket.on('error', () => {}).once('data', () => { answered += 1; }).on('close', () => {
      ended += 1;
      if (ended === 600) parentPort.postMessage(answered);
    });
  }
`;

it('a server that is busy keeps clients waiting and refuses none, however many connect', async () => {
  const app = fastify();
  app.get('/', async () => 'answer');
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const crowd = new Worker(CROWD, { eval: true, workerData: { port: await listen(app, host, 0, 'PORT'), cell } });
  const answered = once(crowd, 'message');
  // Nothing else happens in this thread until all have sent their request.
  Atomics.wait(cell, 0, 0);
  expect(await answered).toEqual([600]);
  await crowd.terminate();
  await app.close();
});
