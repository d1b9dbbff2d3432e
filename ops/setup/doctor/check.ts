import { AsyncLocalStorage } from 'node:async_hooks';
import type { Config, Environment } from '#runtime/config/config.js';
import type { Migrations } from '#runtime/database/database.js';
import type { Problem } from '#runtime/errors.js';
import { anySignal } from '#runtime/scope/any-signal.js';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';
import { type Finding, problem, warning } from './finding.js';

/** Shorter than the deadline of a check, so that the check can name the service. */
const SERVICE_TIMEOUT_MS = 4_000;

const patience = new AsyncLocalStorage<number>();

/** Returns how long a service may take to answer. */
export const serviceTimeoutMs = () => SERVICE_TIMEOUT_MS * (patience.getStore() ?? 1);

/** Runs `work` in which services may take `times` as long. */
export const withPatience = <Result>(times: number, work: () => Result): Result => patience.run(times, work);

export interface CheckContext {
  /** Environment variables, `.env` included. */
  environment: Environment;
  /** Invalid settings. */
  problems: Problem[];
  config: Config;
  isProduction: boolean;
  /** Whether everything that must be done before going live is a problem. */
  isGoLive: boolean;
  /** undefined = the embedded one is not running. */
  databaseUrl: string | undefined;
  envFile: string;
  subgraphNames: readonly string[];
  /** By PostgreSQL schema. */
  migrations: Record<string, Migrations>;
  /** The sealed columns of all subgraphs. */
  sealedColumns: SealedColumn[];
  /** Validates the settings of subgraphs and providers. */
  findSubgraphProblems(config: Config): Problem[];
  /** Aborted at the deadline of the check. */
  signal: AbortSignal;
}

/** One area of an installation. A check changes nothing permanently. */
export interface Check {
  name: string;
  /** Loads slow modules before the deadline begins. */
  prepare?(context: Omit<CheckContext, 'signal'>): Promise<void>;
  /** Returns no findings where there is nothing to check. An error becomes a problem. */
  run(context: CheckContext): Promise<Finding[]>;
}

/** Returns a problem before going live, otherwise a warning. */
export function beforeGoLive({ isGoLive }: CheckContext, message: string, advice: string): Finding {
  return isGoLive ? problem(message, advice) : warning(message, advice);
}

/** Sends a request and returns the response, whatever its status. */
export function ask(url: string, signal: AbortSignal, method: 'GET' | 'HEAD' = 'GET'): Promise<Response> {
  const ends = anySignal(signal, AbortSignal.timeout(serviceTimeoutMs()));
  return fetch(url, { method, signal: ends, redirect: 'manual' });
}

/** Sends a minimal operation and returns the status of the response. */
export async function askGraph(url: string, signal: AbortSignal, token?: string): Promise<number> {
  const ends = anySignal(signal, AbortSignal.timeout(serviceTimeoutMs()));
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ query: '{ __typename }' });
  const { status } = await fetch(url, { method: 'POST', headers, body, signal: ends, redirect: 'manual' });
  return status;
}

/** Whether a URL is of this machine. */
export function isLoopback(url: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
