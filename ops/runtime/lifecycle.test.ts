import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lifecycle } from './lifecycle.js';
import { createLogger } from './logger.js';

describe('a lifecycle', () => {
  let lifecycle: Lifecycle;
  let closed: string[];
  let logged: unknown[][];
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let listenersBefore: Map<NodeJS.Signals, unknown[]>;

  beforeEach(() => {
    closed = [];
    logged = [];
    const silent = createLogger({ level: 'silent', isPretty: false });
    lifecycle = new Lifecycle({ ...silent, error: (...args: unknown[]) => void logged.push(args) });
    listenersBefore = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  });
  afterEach(() => {
    for (const signal of signals) {
      for (const listener of process.listeners(signal)) {
        if (!listenersBefore.get(signal)?.includes(listener)) process.off(signal, listener);
      }
    }
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

  it('closes the others when one fails to, and says which', async () => {
    const failure = new Error('stuck');
    open('database');
    open('server', () => Promise.reject(failure));
    lifecycle.onClose('socket', () => {
      throw failure;
    });
    await lifecycle.close();
    expect(closed).toEqual(['database']);
    expect(logged).toEqual([
      [{ err: failure }, 'socket did not close cleanly'],
      [{ err: failure }, 'server did not close cleanly'],
    ]);
  });

  it('closes once, however often it is asked, and all wait for the end', async () => {
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
});
