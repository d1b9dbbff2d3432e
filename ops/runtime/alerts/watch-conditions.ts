import { withTimeout } from 'es-toolkit/promise';
import type { Notice } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { processIdentity } from '#runtime/process/process-identity.js';
import { observeFiring } from '#runtime/telemetry/observe-alerts.js';
import type { Condition } from './conditions/condition.js';
import type { Finding } from './firing-alerts.js';
import type { SharedAlerts } from './shared-alerts.js';

export interface WatchOptions {
  conditions: Condition[];
  shared: Pick<SharedAlerts, 'share'>;
  notify(notice: Notice): void;
  logger: Logger;
  lifecycle: Lifecycle;
  intervalMs?: number;
}

const INTERVAL_MS = 10_000;
/** So that processes started together do not look together. */
const JITTER = 0.2;
const EVALUATION_TIMEOUT_MS = 4_000;

/** Returns what was found; undefined when it is not known. */
async function evaluate({ name, category, causes = [], evaluate }: Condition): Promise<Finding | undefined> {
  try {
    const holdings = await withTimeout(evaluate, EVALUATION_TIMEOUT_MS);
    if (!holdings) return undefined;
    observeFiring(
      name,
      holdings.some(({ until }) => !until),
    );
    return { name, category, causes, holdings };
  } catch {
    return undefined;
  }
}

/**
 * Looks at the conditions every ten seconds until a stop begins, and notifies operators of what is new, once for all processes. Returns a
 * function that looks now.
 */
export function watchConditions(options: WatchOptions): () => Promise<void> {
  const { conditions, shared, notify, logger, lifecycle, intervalMs = INTERVAL_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const findings = await Promise.all(conditions.map(evaluate));
    const known = findings.filter((finding) => finding !== undefined);
    for (const notice of await shared.share(known, { now: new Date(), source: processIdentity() })) notify(notice);
  }

  function schedule(): void {
    if (isStopped) return;
    timer = setTimeout(run, intervalMs * (1 + JITTER * (2 * Math.random() - 1)));
    timer.unref();
  }

  function run(): void {
    looking = look()
      .catch((err) => logger.warn({ err }, 'What is watched could not be looked at'))
      .finally(schedule);
  }

  const stop = () => {
    isStopped = true;
    clearTimeout(timer);
  };
  lifecycle.onStop(stop);
  lifecycle.onClose('Watch of conditions', async () => {
    stop();
    await looking;
  });
  schedule();
  return look;
}
