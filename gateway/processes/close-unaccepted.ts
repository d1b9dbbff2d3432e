import type { ChildProcess } from 'node:child_process';
import type { Worker } from 'node:cluster';

/** A handle of a connection: closing it again is no error. */
interface Connection {
  close(): void;
}

const isConnection = (value: unknown): value is Connection =>
  typeof (value as Connection | undefined)?.close === 'function';

/**
 * Closes the connection that was being handed over to a gateway process when it ended, and hands it no other: Node.js keeps such a
 * connection open, and its client would wait for an answer that nobody gives (`RoundRobinHandle.handoff` in
 * `lib/internal/cluster/round_robin_handle.js`, Node.js 20 to 24). A client whose connection is closed tries again.
 */
export function closeUnaccepted(worker: Worker): void {
  const child = worker.process;
  const send = child.send.bind(child) as (...parameters: unknown[]) => boolean;
  // The next one follows when this one was accepted.
  let handedOver: Connection | undefined;
  let hasEnded = false;
  const sendUntilEnd = (...parameters: unknown[]) => {
    const [, connection] = parameters;
    if (!isConnection(connection)) return send(...parameters);
    if (!hasEnded) {
      handedOver = connection;
      return send(...parameters);
    }
    connection.close();
    return false;
  };
  child.send = sendUntilEnd as ChildProcess['send'];
  worker.once('exit', () => {
    hasEnded = true;
    handedOver?.close();
  });
}
