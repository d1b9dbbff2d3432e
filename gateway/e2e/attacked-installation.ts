import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { hasRedisServer, type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { dropDatabase, newMigratedDatabase } from '#ops/testing/test-services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { startSimulator } from '#simulator/index.js';
import { Client } from './client.js';
import { mailedToken, signUpConfirmed } from './sign-up-confirmed.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

export type Shape = 'one process' | 'four subgraphs, Redis and two gateways';
export const shapes: Shape[] = ['one process', 'four subgraphs, Redis and two gateways'];

/** A user as others know them. */
export interface Attacked {
  client: Client;
  userId: string;
  organizationId: string;
  refreshToken: string;
  email: string;
}

/** WebMetrics as whole programs, with what they print and how much memory they take. */
export interface Installation {
  /** Of each gateway. */
  urls: string[];
  /** Of each subgraph with a process of its own. */
  subgraphUrls: string[];
  programs: StartedProcess[];
  redis?: OwnRedis;
  mail: MailServer;
  operatorToken: string;
  /** Returns a client with an address of its own, at one of the gateways. */
  visitor(at?: number): Client;
  /** Signs a user up whose address is confirmed. */
  newUser(name: string): Promise<Attacked>;
  /** Returns the token of the link in the last mail to an address that leads to a page. */
  mailedToken(email: string, page: string): Promise<string>;
  /** Opens a connection from an address that is no proxy, and writes to it. Default: to the first gateway. */
  open(text: string, url?: string): Promise<Socket>;
  /** Returns how many connections of `open` the gateways hold. */
  openConnections(): number;
  /** Returns the last output of programs that crashed. */
  crashes(): string[];
  /** In MB, of the largest program. */
  residentMb(): number;
  /** Ends every program with SIGTERM. Returns their status. */
  stop(): Promise<(number | null)[]>;
  isPostgresRunning(): boolean;
  close(): Promise<void>;
}

const READY = /Press Ctrl-C to stop|^Subgraph /m;
/** Loopback, but neither a proxy nor the address of the tests. */
const ATTACKER = '127.0.0.9';
const ESTABLISHED = '01';
/** Of each gateway: few, and enough for its modules, which Node.js opens side by side. */
export const DESCRIPTORS = 640;
const HEAP_MB = 768;

const hexOfPort = (url: string) => Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
const hexOfAddress = (address: string) =>
  address
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
    .join('');

/** Starts everything. Gateways trust the proxy at 127.0.0.1, so that each client has the address it states. */
export async function openInstallation(shape: Shape): Promise<Installation> {
  const isDistributed = shape !== 'one process';
  const simulator = await startSimulator({ quiet: true });
  const mail = await startMailServer();
  const redis = isDistributed && hasRedisServer ? await startOwnRedis() : undefined;
  const database = isDistributed ? await newMigratedDatabase() : undefined;
  const dataDir = newFolder();
  const ports = [await freePort(), ...(isDistributed ? [await freePort()] : [])];
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const operatorToken = randomBytes(32).toString('hex');
  const environment = {
    DATA_DIR: dataDir,
    JWT_SECRET: randomBytes(32).toString('hex'),
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    OPERATOR_TOKEN: operatorToken,
    HOST: '127.0.0.1',
    PUBLIC_URL: urls[0] as string,
    GATEWAY_URL: `${urls[0]}/graphql`,
    TRUSTED_PROXIES: '127.0.0.1',
    SIMULATOR_URL: simulator.url,
    SMTP_URL: mail.url,
    DEMO_DATA: 'false',
    HISTORY_DAYS: '1',
    DATABASE_POOL_SIZE: '4',
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    ...(database && { DATABASE_URL: database }),
    ...(redis && { REDIS_URL: redis.url }),
  };
  const programs: StartedProcess[] = [];
  const start = async (program: string, args: string[], more: Record<string, string>, under?: string[]) => {
    const started = await startProcess(program, args, {
      environment: { ...environment, ...more },
      readyWhen: READY,
      under,
    });
    if (started.child.exitCode !== null) throw new Error(started.output());
    programs.push(started);
  };
  const addresses: Record<string, string> = {};
  for (const name of isDistributed ? subgraphNames : []) {
    const port = String(await freePort());
    await start('subgraphs/serve.js', [name, '--port', port, '--host', '127.0.0.1'], {});
    addresses[`SUBGRAPH_${name.toUpperCase()}_URL`] = `http://127.0.0.1:${port}/graphql`;
  }
  const withFewDescriptors = ['sh', '-c', `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`];
  for (const port of ports) {
    await start('gateway/main.js', [], { PORT: String(port), ...addresses }, withFewDescriptors);
  }

  const isPostgresRunning = () => existsSync(join(dataDir, 'postgres', 'postmaster.pid'));
  const running = () => programs.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  const stop = () => Promise.all(running().map((program) => program.stop()));

  let visitors = 0;
  const network = randomInt(250);
  const visitor = (at = 0) => {
    visitors += 1;
    const address = `198.${18 + (network % 2)}.${visitors >> 8}.${visitors & 255}`;
    return new Client(urls[at % urls.length] as string, { 'x-forwarded-for': address });
  };
  return {
    urls,
    subgraphUrls: Object.values(addresses),
    programs,
    redis,
    mail,
    operatorToken,
    visitor,
    mailedToken: (email, page) => mailedToken(mail, email, page),
    newUser: (name) => signUpConfirmed(visitor(), mail, name),
    open: async (text, url = urls[0]) => {
      const { port } = new URL(url as string);
      const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: ATTACKER });
      socket.on('error', () => {});
      // Nothing is read before it is resumed.
      socket.pause();
      await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
      socket.write(text);
      return socket;
    },
    openConnections: () => {
      const gateways = new Set(urls.map(hexOfPort));
      return readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(
          ([, local = '', remote = '', state]) =>
            state === ESTABLISHED &&
            gateways.has(local.split(':')[1] as string) &&
            remote.startsWith(hexOfAddress(ATTACKER)),
        ).length;
    },
    residentMb: () => {
      const sizes = running().map(({ child }) => {
        const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        return Math.round(Number(kb) / 1024);
      });
      if (sizes.length < programs.length) throw new Error('A program has ended.');
      return Math.max(...sizes);
    },
    crashes: () =>
      programs
        .filter(({ child }) => child.signalCode !== null || child.exitCode)
        .map(({ output }) => output().slice(-4_000)),
    stop,
    isPostgresRunning,
    close: async () => {
      await stop();
      await Promise.all([simulator.close(), mail.close(), redis?.close()]);
      if (database) await dropDatabase(database);
    },
  };
}
