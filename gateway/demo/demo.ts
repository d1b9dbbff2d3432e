import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressLine } from '#runtime/process/progress-line.js';
import { anySignal } from '#runtime/scope/any-signal.js';
import type { BaseServices } from '#runtime/services.js';
import { ApiClient } from './api-client.js';
import {
  confirmAddress,
  connectProvider,
  createClients,
  type DemoSubscription,
  demoAccount,
  orderReports,
  readState,
  readSubscription,
} from './fill-demo.js';
import { holdRoutineLines } from './hold-routine-lines.js';
import { retry } from './retry.js';

export interface DemoResult {
  email: string;
  password: string;
  organizationId?: string;
  /** What an incomplete demo has, as "6 of 7 providers"; undefined = all of them. */
  incomplete?: string;
}

export interface Demo {
  /** Whether it is not prepared yet. */
  isPending(): boolean;
  /** Returns its log-in once there is one. */
  account(): Pick<DemoResult, 'email' | 'password'> | undefined;
  /**
   * Adds the account and the providers that are missing, through the API at `url`. Returns undefined without a demo.
   */
  prepare(url: string): Promise<DemoResult | undefined>;
  /** Signs in and reads what it has subscribed to. Undefined without a demo, or when it cannot be read, which is logged. */
  subscription(url: string): Promise<DemoSubscription | undefined>;
  /** Then adds clients and reports. Never rejects: what is missing is logged, and added at the next start. */
  complete(): Promise<void>;
}

const { email, password } = demoAccount;
/** Limits of a single step and of the whole. Subgraphs can be starting together with the gateway. */
const STEP_WITHIN_MS = 90_000;
const ALL_WITHIN_MS = 300_000;
const FIRST_PAUSE_MS = 500;

interface FillOptions {
  url: string;
  signal: AbortSignal;
  report(progress: string): void;
  /** Receives the causes of failed steps. */
  failed: Record<string, unknown>;
}

interface Fill {
  /** Once the account and the providers are there. */
  begun: DemoResult;
  /** Adds the rest; whether nothing is missing then. */
  complete(): Promise<boolean>;
}

async function fill(base: BaseServices, { url, signal, report, failed }: FillOptions): Promise<Fill> {
  const { config, http } = base;
  const api = new ApiClient(http, url);
  const result: DemoResult = { email, password };
  const incomplete = (what: string): Fill => ({ begun: { ...result, incomplete: what }, complete: async () => false });
  const attempt = async <T>(name: string, step: () => Promise<T>): Promise<{ value: T } | undefined> => {
    try {
      return { value: await retry(step, { withinMs: STEP_WITHIN_MS, firstPauseMs: FIRST_PAUSE_MS, signal }) };
    } catch (error) {
      failed[name] = error;
      return undefined;
    }
  };

  report('signing up');
  const signedIn = await attempt('sign in', () => api.signIn(demoAccount));
  const state = signedIn && (await attempt('read', () => readState(api)))?.value;
  if (!state) return incomplete('no account yet');
  result.organizationId = state.organization.id;

  const { providers } = state;
  let connected = 0;
  for (const { id, name } of providers) {
    report(`${connected} of ${providers.length} providers`);
    if (await attempt(`connect ${name}`, () => connectProvider(api, id))) connected += 1;
  }
  if (connected < providers.length) result.incomplete = `${connected} of ${providers.length} providers`;
  if (connected === 0) return incomplete(`0 of ${providers.length} providers`);
  return {
    begun: result,
    complete: async () => {
      const hasClients = await attempt('create clients', () => createClients(api));
      const hasReports = await attempt('order reports', () => orderReports(api));
      await attempt('confirm the address', () => confirmAddress(api, config));
      return connected === providers.length && hasClients !== undefined && hasReports !== undefined;
    },
  };
}

/**
 * Opens the demo: an account, every provider connected, clients and reports. An incomplete one is continued at the
 * next start, a complete one never changed.
 */
export function openDemo(base: BaseServices, isWanted: boolean): Demo {
  const { config, logger, lifecycle } = base;
  const marker = join(config.dataDir, 'demo-complete');
  let isPending = isWanted;
  let hasAccount = false;
  let completion = async () => {};
  const stop = new AbortController();
  lifecycle.onStop(() => stop.abort());

  async function complete({ begun, complete }: Fill, failed: Record<string, unknown>): Promise<void> {
    try {
      if (await complete()) writeFileSync(marker, `organization ${begun.organizationId}\n`);
    } catch (error) {
      failed.mark = error;
    }
    if (Object.keys(failed).length > 0 && !lifecycle.isStopping) logger.warn({ failed }, 'Demo incomplete');
  }

  async function fillOnce(url: string): Promise<DemoResult> {
    const organizationId = existsSync(marker) && /^organization (.+)$/m.exec(readFileSync(marker, 'utf8'))?.[1];
    if (organizationId) return { email, password, organizationId };
    const signal = anySignal(stop.signal, AbortSignal.timeout(ALL_WITHIN_MS));
    const line = progressLine(process.stdout);
    const failed: Record<string, unknown> = {};
    if (!process.stdout.isTTY) logger.info('Preparing the demo organization');
    const release = config.logLevel === 'debug' ? () => {} : holdRoutineLines(logger, line.clear);
    try {
      const filling = await fill(base, {
        url,
        signal,
        failed,
        report: (progress) => line.show(`Preparing the demo: ${progress} …`),
      });
      completion = () => complete(filling, failed);
      return filling.begun;
    } finally {
      release();
      line.clear();
    }
  }

  async function subscription(url: string): Promise<DemoSubscription | undefined> {
    if (!hasAccount) return undefined;
    try {
      const api = new ApiClient(base.http, url);
      await api.logIn(demoAccount);
      return await readSubscription(api);
    } catch (error) {
      if (!lifecycle.isStopping) logger.warn({ err: error }, 'The subscription of the demo could not be read');
      return undefined;
    }
  }

  return {
    isPending: () => isPending,
    subscription,
    complete: () => completion(),
    account: () => (hasAccount ? { email, password } : undefined),
    prepare: async (url) => {
      try {
        const result = isWanted ? await fillOnce(url) : undefined;
        hasAccount = result?.organizationId !== undefined;
        return result;
      } finally {
        isPending = false;
      }
    },
  };
}
