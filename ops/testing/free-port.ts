import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections: one of those could take the port of a program that restarts. */
const PORTS = { first: 15_000, count: 17_000 };
/** Ports are taken long after they were found free, so that each worker of a test run has ports of its own. */
const MAX_WORKERS = 8;
// biome-ignore lint/style/noProcessEnv: how Jest numbers its workers
const WORKER = Number(process.env.JEST_WORKER_ID ?? 0) % MAX_WORKERS;
const given = new Set<number>();

/** Returns a free loopback port, another one each time, that stays free while nothing listens on it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + randomInt(PORTS.count / MAX_WORKERS) * MAX_WORKERS + WORKER;
    if (given.has(port)) continue;
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    given.add(port);
    return port;
  }
}
