import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { CallHandler } from './call-handler.js';
import { CallLog } from './call-log.js';
import { Clock } from './clock.js';
import { Faults } from './faults.js';
import { Grants, type GrantsState } from './oauth/grants.js';
import { type OAuthClient, OAuthClients } from './oauth/oauth-clients.js';
import { providers } from './providers.js';
import { createServer } from './server.js';
import { defaultSettings } from './settings.js';
import type { StripeState } from './stripe/account.js';
import { startStripe } from './stripe/simulated-stripe.js';
import { Usage, Windows } from './usage.js';
import type { World } from './world.js';

export interface SimulatorOptions {
  /** Default 0 = any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Persists grants, tokens, clock offset and what Stripe holds; absent = in memory. */
  stateFile?: string;
  /** Default real time. */
  now?: () => Date;
  /** Disables all logging, even the simulator's errors. */
  quiet?: boolean;
  /** Besides the local machine's, matched exactly. */
  redirectUris?: readonly string[];
  /** Besides `webmetrics-simulator`. */
  clients?: readonly OAuthClient[];
  /** Serves admin routes even beyond the local machine. */
  admin?: boolean;
}

export interface Simulator {
  url: string;
  port: number;
  close(): Promise<void>;
}

interface State extends GrantsState {
  clockShiftMs: number;
  stripe?: StripeState;
}

const DEFAULT_CLIENT: OAuthClient = {
  id: 'webmetrics-simulator',
  secret: 'webmetrics-simulator-secret',
  name: 'WebMetrics',
};
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

/** Starts a simulator; resolves once it listens. Rejects with EADDRINUSE when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', stateFile, quiet = false } = options;
  const state = stateFile === undefined ? undefined : readState<State>(stateFile);
  const clock = new Clock(options.now);
  clock.shiftMs = state?.clockShiftMs ?? 0;
  const save = () => {
    if (stateFile !== undefined)
      writeState(stateFile, {
        ...grants.state(),
        clockShiftMs: clock.shiftMs,
        stripe: stripe.account.state(),
      } satisfies State);
  };
  const grants = new Grants(clock, state, save);
  const settings = defaultSettings();
  const stripe = startStripe({ clock, settings, state: state?.stripe, save });
  const world: World = {
    clock,
    grants,
    clients: new OAuthClients([DEFAULT_CLIENT, ...(options.clients ?? [])], options.redirectUris ?? []),
    settings,
    minuteUsage: new Usage(clock, 1),
    hourlyUsage: new Usage(clock, 60),
    dailyUsage: new Usage(clock, 24 * 60),
    xWindows: new Windows(clock, 15 * 60),
    stripe,
  };
  const calls = new CallLog();
  const faults = new Faults();
  const admin = options.admin || LOOPBACK_HOSTS.includes(host) ? { world, calls, faults, providers, save } : null;
  const app = createServer({ handler: new CallHandler(providers, world, faults, calls), admin, quiet });
  await app.listen({ port, host }).catch((error) => {
    stripe.close();
    throw error;
  });
  const address = app.server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  const close = async () => {
    await app.close();
    stripe.close();
  };
  return { url: `http://${shown}:${address.port}`, port: address.port, close };
}

/** Undefined without a file; throws for a damaged one. */
function readState<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`The simulator's state file ${file} is not readable JSON; delete it to start afresh`, { cause });
  }
}

function writeState(file: string, state: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, file);
}
