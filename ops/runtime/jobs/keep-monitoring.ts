import { setTimeout as wait } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import type { Logger } from '#runtime/log/logger.js';

const AGAIN_MS = 1_000;

export interface KeepMonitoringOptions {
  /** Longer than any heartbeat takes, also one that fails. */
  limitMs: number;
  logger: Pick<Logger, 'warn' | 'info'>;
}

/**
 * Connects a client anew when the driver has stopped monitoring a server, which then stays unknown to it: a heartbeat that is written to a
 * socket closed in the same moment never ends, as the driver awaits a `drain` that a destroyed socket does not emit (`Connection.writeCommand`
 * of mongodb 7.9.0). Returns a function that stops watching.
 */
export function keepMonitoring(
  client: Pick<MongoClient, 'on' | 'connect' | 'close'>,
  { limitMs, logger }: KeepMonitoringOptions,
): () => void {
  /** Of heartbeats that have begun, by server. */
  const timers = new Map<string, NodeJS.Timeout>();
  const stopping = new AbortController();
  let isRenewing = false;

  function forget(server: string): void {
    clearTimeout(timers.get(server));
    timers.delete(server);
  }

  async function renew(server: string): Promise<void> {
    if (isRenewing || stopping.signal.aborted) return;
    isRenewing = true;
    for (const known of timers.keys()) forget(known);
    logger.warn({ server }, 'The job queue is connected anew: its driver stopped monitoring it');
    await client.close().catch(() => {});
    while (!stopping.signal.aborted) {
      try {
        await client.connect();
        break;
      } catch {
        await wait(AGAIN_MS, undefined, { ref: false });
      }
    }
    isRenewing = false;
    if (stopping.signal.aborted) await client.close().catch(() => {});
    else logger.info({ server }, 'The job queue is connected again');
  }

  client.on('serverHeartbeatStarted', ({ connectionId: server }) => {
    forget(server);
    if (stopping.signal.aborted) return;
    timers.set(server, setTimeout(() => void renew(server), limitMs).unref());
  });
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => forget(connectionId));
  client.on('serverHeartbeatFailed', ({ connectionId }) => forget(connectionId));
  client.on('serverClosed', ({ address }) => forget(address));
  return () => {
    stopping.abort();
    for (const server of timers.keys()) forget(server);
  };
}
