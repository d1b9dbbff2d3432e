import type { Config, Environment } from '#runtime/config/config.js';
import type { Migrations } from '#runtime/database/database.js';
import type { Problem } from '#runtime/errors.js';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';
import { type Finding, problem, warning } from './finding.js';

/** How long a service is waited for: shorter than a check may take, so that it can say which service it was. */
export const SERVICE_TIMEOUT_MS = 4_000;

/** What every check is given. */
export interface CheckContext {
  /** The variables of the process, `.env` included. */
  environment: Environment;
  /** What is wrong with them. */
  problems: Problem[];
  /** What they say, as far as they are right: a wrong one counts as absent here. */
  config: Config;
  /** Whether processes run, or will run, in production. */
  isProduction: boolean;
  /** Whether this is the look before going live: what can be put off elsewhere is a problem then. */
  isGoLive: boolean;
  /** The database to look into; undefined = the embedded one, which is not running. */
  databaseUrl: string | undefined;
  /** The file settings come from besides the environment. */
  envFile: string;
  subgraphNames: readonly string[];
  /** By PostgreSQL schema. */
  migrations: Record<string, Migrations>;
  /** What is sealed in the database, of all subgraphs. */
  sealedColumns: SealedColumn[];
  /** Returns what is wrong with the settings of single subgraphs, their providers above all. */
  findSubgraphProblems(config: Config): Problem[];
  /** Ended when the check has used up its time. */
  signal: AbortSignal;
}

/** One area an installation is looked over in. Changes nothing; what it writes to try something out it removes again. */
export interface Check {
  name: string;
  /** Loads what takes long to load, before any time is taken: a process that loads hears from no service. */
  prepare?(context: Omit<CheckContext, 'signal'>): Promise<void>;
  /** Returns what it found; nothing where there is nothing to look at. What it throws becomes a problem. */
  run(context: CheckContext): Promise<Finding[]>;
}

/** What has to be done before going live, and may wait until then. */
export function beforeGoLive({ isGoLive }: CheckContext, message: string, advice: string): Finding {
  return isGoLive ? problem(message, advice) : warning(message, advice);
}

/** Returns why something failed, in words: the code of the system where there is one. */
export function reasonOf(error: unknown): string {
  const { code, message, cause } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (message === 'fetch failed' && cause) return reasonOf(cause);
  const inner = code ?? (cause as NodeJS.ErrnoException | undefined)?.code;
  const text = (message ?? String(error)).split('\n')[0] ?? '';
  return typeof inner === 'string' && !text.includes(inner) ? `${inner}${text ? `: ${text}` : ''}` : text;
}

/** Asks an address, and resolves with what it answers, whatever the status. */
export function ask(url: string, signal: AbortSignal, method: 'GET' | 'HEAD' = 'GET'): Promise<Response> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(SERVICE_TIMEOUT_MS)]);
  return fetch(url, { method, signal: ends, redirect: 'manual' });
}

/** Sends the smallest operation to an address, and resolves with the status of what it answers. */
export async function askGraph(url: string, signal: AbortSignal, token?: string): Promise<number> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(SERVICE_TIMEOUT_MS)]);
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ query: '{ __typename }' });
  const { status } = await fetch(url, { method: 'POST', headers, body, signal: ends, redirect: 'manual' });
  return status;
}

/** Whether the host of a URL is this machine. */
export function isLoopback(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
