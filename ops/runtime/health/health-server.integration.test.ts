import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { ConfigurationError } from '#runtime/errors.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { type HealthServerOptions, openHealthServer } from './health-server.js';

const host = '127.0.0.1';

describe('the health server', () => {
  const logger = createLogger({ level: 'silent', isPretty: false });
  let lifecycle: Lifecycle;

  beforeEach(() => {
    lifecycle = new Lifecycle(logger);
  });
  afterEach(() => lifecycle.close());

  const open = (options: Partial<HealthServerOptions> = {}) =>
    openHealthServer({ host, port: 0, mainPort: 8080, environment: 'test', logger, lifecycle, ...options });

  /** Blocks this thread for `ms` and asks from another process then. Returns the body, or why there is none. */
  function askWhileBlocked(port: number | undefined, ms = 0): string {
    const program = `setTimeout(() => fetch('http://${host}:${port}/health').then(
      async (answer) => console.log(await answer.text()),
      ({ cause }) => console.log(cause.code)), ${ms})`;
    return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
  }

  it('answers while the main thread is busy', async () => {
    const { port, markStarted } = await open();
    expect(JSON.parse(askWhileBlocked(port))).toMatchObject({ status: 'starting' });
    markStarted();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(JSON.parse(askWhileBlocked(port))).toMatchObject({ status: 'ok', environment: 'test' });
  });

  it('gives no answer once the main thread has not reacted for long, and answers again when it does', async () => {
    const { port, markStarted } = await open({ hungAfterMs: 600 });
    markStarted();
    expect(askWhileBlocked(port, 700)).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
    const isAnswered = () =>
      fetch(`http://${host}:${port}/health`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await eventually('it answers again', isAnswered);
  });

  it('stops with the lifecycle', async () => {
    const { port } = await open();
    await lifecycle.close();
    await expect(fetch(`http://${host}:${port}/health`)).rejects.toThrow('fetch failed');
  });

  it('is not there without a port', async () => {
    expect((await open({ port: undefined })).port).toBeUndefined();
  });

  it('names HEALTH_PORT when the port is taken, or is that of the program itself', async () => {
    const occupant = createServer();
    const port = await new Promise<number>((resolve) => {
      occupant.listen(0, host, () => resolve((occupant.address() as { port: number }).port));
    });
    try {
      await expect(open({ port })).rejects.toThrow(
        new ConfigurationError(
          `Port ${port} is taken: stop what is listening there, or set HEALTH_PORT to a free port.`,
        ),
      );
    } finally {
      occupant.close();
    }
    await expect(open({ port: 8080 })).rejects.toThrow('HEALTH_PORT must be another port than 8080');
  });
});
