import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from './lifecycle.js';

describe('a lifecycle', () => {
  let lifecycle: Lifecycle;
  let closed: string[];
  let logged: unknown[][];
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'] as const;
  let listenersBefore: Map<string, unknown[]>;

  beforeEach(() => {
    closed = [];
    logged = [];
    const silent = createLogger({ level: 'silent', isPretty: false });
    lifecycle = new Lifecycle({ ...silent, error: (...args: unknown[]) => void logged.push(args) });
    listenersBefore = new Map(signals.map((signal) => [signal, process.rawListeners(signal)]));
  });
  afterEach(() => {
    for (const signal of signals) {
      for (const listener of process.rawListeners(signal)) {
        if (!listenersBefore.get(signal)?.includes(listener)) process.off(signal, listener as () => void);
      }
    }
    jest.restoreAllMocks();
  });

  /** Resolves to the status the process would have ended with. */
  const exit = () =>
    new Promise<unknown>((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation((status) => resolve(status) as never);
    });

  const open = (name: string, closing: () => Promise<void> | void = () => {}) =>
    lifecycle.onClose(name, async () => {
      await closing();
      closed.push(name);
    });

  it('closes in reverse order, one after the other', async () => {
    open('database');
    open('server', () => new Promise((resolve) => setImmediate(resolve)));
    open('socket');
    await lifecycle.close();
    expect(closed).toEqual(['socket', 'server', 'database']);
  });

  it('closes the others when one fails to, and logs which', async () => {
    const failure = new Error('stuck');
    open('database');
    open('server', () => Promise.reject(failure));
    lifecycle.onClose('socket', () => {
      throw failure;
    });
    await lifecycle.close();
    expect(closed).toEqual(['database']);
    expect(logged).toEqual([
      [{ err: failure }, 'Close failed: socket'],
      [{ err: failure }, 'Close failed: server'],
    ]);
  });

  it('closes once, however often it is called, and every caller waits for the end', async () => {
    open('database');
    await Promise.all([lifecycle.close(), lifecycle.close()]);
    expect(closed).toEqual(['database']);
    await lifecycle.close();
    expect(closed).toEqual(['database']);
  });

  it('stays open after a start that succeeds', async () => {
    await lifecycle.run(async () => open('database'));
    expect(closed).toEqual([]);
  });

  it('closes what was opened when the start fails, and passes the failure on', async () => {
    const failure = new Error('no port');
    const start = lifecycle.run(async () => {
      open('database');
      open('cache');
      throw failure;
    });
    await expect(start).rejects.toBe(failure);
    expect(closed).toEqual(['cache', 'database']);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'ends with status 0 after a %s in the middle of a start, though what the start needs is closed under it',
    async (signal) => {
      const status = exit();
      let fail: (reason: Error) => void = () => {};
      void lifecycle
        .run(async () => {
          open('database', () => fail(new Error('the database is closed')));
          await new Promise((_resolve, reject) => {
            fail = reject;
          });
        })
        .catch(() => {});
      expect(lifecycle.isStarting).toBe(true);
      process.emit(signal);
      expect(await status).toBe(0);
      expect(closed).toEqual(['database']);
    },
  );

  it('is starting until what it opens is open', async () => {
    expect(lifecycle.isStarting).toBe(false);
    await lifecycle.run(async () => expect(lifecycle.isStarting).toBe(true));
    expect(lifecycle.isStarting).toBe(false);
  });

  it('logs the signal, the work that is left, and how long the stop took', async () => {
    const info: unknown[][] = [];
    const silent = createLogger({ level: 'silent', isPretty: false });
    lifecycle = new Lifecycle({ ...silent, info: (...args: unknown[]) => void info.push(args) });
    const status = exit();
    lifecycle.onDrain('requests', () => 3);
    lifecycle.onDrain('jobs', () => 1);
    await lifecycle.run(async () => open('server'));
    process.emit('SIGHUP', 'SIGHUP');
    await status;
    expect(info).toEqual([
      [{ signal: 'SIGHUP' }, 'SIGHUP: the process stops'],
      [{ requests: 3, jobs: 1 }, 'Draining'],
      [{ seconds: expect.any(Number), status: 0 }, 'Stopped'],
    ]);
  });

  it('closes what is opened while it closes', async () => {
    open('database');
    open('server', () => open('late'));
    await lifecycle.close();
    expect(closed).toEqual(['server', 'late', 'database']);
  });

  it('announces a stop before anything is closed, once', async () => {
    open('database');
    lifecycle.onStop(() => closed.push('announced'));
    await Promise.all([lifecycle.close(), lifecycle.close()]);
    expect(closed).toEqual(['announced', 'database']);
  });

  it('passes each part the time that closing has taken', async () => {
    let elapsed: number | undefined;
    lifecycle.onClose('server', (elapsedMs) => {
      elapsed = elapsedMs;
    });
    lifecycle.onClose('jobs', () => new Promise((resolve) => setTimeout(resolve, 30)));
    await lifecycle.close();
    expect(elapsed).toBeGreaterThanOrEqual(25);
  });

  it('goes on for a while after a signal, then closes and ends with status 0', async () => {
    lifecycle = new Lifecycle(createLogger({ level: 'silent', isPretty: false }), { stopDelayMs: 50 });
    const status = exit();
    await lifecycle.run(async () => open('server', () => void closed.push(`after ${Date.now() - signalledAt >= 45}`)));
    lifecycle.onStop(() => closed.push('announced'));
    const signalledAt = Date.now();
    process.emit('SIGTERM');
    expect(closed).toEqual(['announced']);
    expect(await status).toBe(0);
    expect(closed).toEqual(['announced', 'after true', 'server']);
  });

  it('closes the rest when a part does not close in time, names it and exits with status 1', async () => {
    const error = (...args: unknown[]) => void logged.push(args);
    const silent = createLogger({ level: 'silent', isPretty: false });
    lifecycle = new Lifecycle({ ...silent, error }, { closeWithinMs: 100 });
    const status = exit();
    await lifecycle.run(async () => {
      open('PostgreSQL');
      open('database', () => new Promise(() => {}));
      open('server', () => new Promise(() => {}));
      open('jobs');
    });
    process.emit('SIGTERM');
    expect(await status).toBe(1);
    expect(closed).toEqual(['jobs', 'PostgreSQL']);
    expect(logged).toEqual([[{ left: ['database', 'PostgreSQL'], limitMs: 80 }, 'Close timed out: server']]);
  });

  it('closes the rest at once after a second signal, and does not wait after a third', async () => {
    let now = 1_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const statuses: unknown[] = [];
    jest.spyOn(process, 'exit').mockImplementation((status) => statuses.push(status) as never);
    let finish: (() => void) | undefined;
    lifecycle = new Lifecycle(createLogger({ level: 'silent', isPretty: false }), { closeWithinMs: 1_000 });
    await lifecycle.run(async () => {
      open('PostgreSQL', () => new Promise((resolve) => (finish = resolve)));
      open('server', () => new Promise(() => {}));
    });
    process.emit('SIGTERM');
    await eventually('the server closes', async () => lifecycle.isStopping);
    // Ctrl-C that arrives from npm as well.
    process.emit('SIGINT');
    expect(finish).toBeUndefined();
    now += 2_000;
    process.emit('SIGINT');
    await eventually('PostgreSQL closes although the server hangs', async () => finish !== undefined);
    expect(statuses).toEqual([]);
    now += 2_000;
    process.emit('SIGINT');
    expect(statuses).toEqual([130]);
    finish?.();
    await eventually('the stop ends although the server hangs', async () => statuses.length === 2);
    expect(statuses).toEqual([130, 130]);
  });

  it.each(['uncaughtException', 'unhandledRejection'] as const)(
    'after an %s logs it, closes everything and exits with status 1',
    async (event) => {
      const status = exit();
      const failure = new Error('nobody expected this');
      await lifecycle.run(async () => open('database'));
      const reported: unknown[] = [];
      lifecycle.onCrash(() => {
        throw new Error('no mail server');
      });
      lifecycle.onCrash((error) => reported.push(error));
      // Without Jest's own listener, which would fail the test.
      const added = process.rawListeners(event).filter((listener) => !listenersBefore.get(event)?.includes(listener));
      for (const listener of added) listener(failure);
      expect(await status).toBe(1);
      expect([closed, reported]).toEqual([['database'], [failure]]);
      expect(logged).toEqual([
        [{ err: failure }, 'Uncaught error: the process stops'],
        [{ err: new Error('no mail server') }, 'Error report failed'],
      ]);
    },
  );
});
