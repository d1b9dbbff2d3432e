import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { keepMonitoring } from './keep-monitoring.js';

const LIMIT_MS = 9_000;
const SERVER = { connectionId: '127.0.0.1:27017' };

class Client extends EventEmitter {
  readonly calls: string[] = [];
  failures = 0;
  async close(): Promise<void> {
    this.calls.push('close');
    this.emit('serverClosed', { address: SERVER.connectionId });
  }
  async connect(): Promise<this> {
    this.calls.push('connect');
    if (this.failures-- > 0) throw new Error('away');
    return this;
  }
}

describe('keepMonitoring', () => {
  let client: Client;
  let stop: () => void;
  beforeEach(() => {
    jest.useFakeTimers();
    client = new Client();
    stop = keepMonitoring(client as never, { limitMs: LIMIT_MS, logger: { warn: () => {}, info: () => {} } as never });
  });
  afterEach(() => {
    stop();
    jest.useRealTimers();
  });

  it.each(['serverHeartbeatSucceeded', 'serverHeartbeatFailed'])(
    'leaves a client alone whose heartbeats end (%s)',
    async (end) => {
      for (let beat = 0; beat < 5; beat += 1) {
        client.emit('serverHeartbeatStarted', SERVER);
        await jest.advanceTimersByTimeAsync(LIMIT_MS - 1_000);
        client.emit(end, SERVER);
      }
      await jest.advanceTimersByTimeAsync(10 * LIMIT_MS);
      expect(client.calls).toEqual([]);
    },
  );

  it('connects anew, until that succeeds, when a heartbeat never ends', async () => {
    client.failures = 2;
    client.emit('serverHeartbeatStarted', SERVER);
    await jest.advanceTimersByTimeAsync(LIMIT_MS - 1);
    expect(client.calls).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    // Between attempts it pauses by a timer that is not faked.
    jest.useRealTimers();
    while (client.calls.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.calls).toEqual(['close', 'connect', 'connect', 'connect']);
  });

  it('leaves a client alone that is being closed', async () => {
    client.emit('serverHeartbeatStarted', SERVER);
    stop();
    client.emit('serverHeartbeatStarted', SERVER);
    await jest.advanceTimersByTimeAsync(10 * LIMIT_MS);
    expect(client.calls).toEqual([]);
  });
});
