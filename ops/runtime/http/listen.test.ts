import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
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

  const leave = () => new Promise((resolve) => occupant.close(resolve));

  it('that is taken is refused before anything starts, with what to do', async () => {
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

  it('that is free can be checked and then had', async () => {
    await leave();
    await checkPort(host, taken, 'PORT');
    const app = fastify();
    expect(await listen(app, host, taken, 'PORT')).toBe(taken);
    await app.close();
  });

  it('0 is any free one', async () => {
    await checkPort(host, 0, 'PORT');
    const app = fastify();
    expect(await listen(app, host, 0, 'PORT')).toBeGreaterThan(0);
    await app.close();
  });

  it('that this user may not have is refused with what to do', async () => {
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
