import type { Readiness } from '#runtime/health/readiness.js';
import { processIdentity } from '#runtime/process/process-identity.js';
import type { BaseServices } from '#runtime/services.js';
import type { Condition } from './conditions/condition.js';
import { errorShareHigh } from './conditions/error-share-high.js';
import { gatewayUnreachable } from './conditions/gateway-unreachable.js';
import { clockWrong, installation } from './conditions/installation.js';
import { certificateEnding, diskAlmostFull } from './conditions/machine.js';
import { providerFailing, tokensNotRenewed } from './conditions/providers.js';
import { jobsGivenUp, queueOld } from './conditions/queue.js';
import { reachability } from './conditions/reachability.js';
import { openDatabaseAlertStore } from './database-alert-store.js';
import { SharedAlerts } from './shared-alerts.js';
import { SharedEvents } from './shared-events.js';
import { watchConditions } from './watch-conditions.js';

export interface Watch {
  readiness: Pick<Readiness, 'failures'>;
  /** Where all processes share what they find; undefined = in the cache only. */
  databaseUrl: string | undefined;
  /** Whether this process runs jobs, which call the gateway: then it watches whether it can be reached at GATEWAY_URL. */
  runsJobs?: boolean;
}

/** Returns every condition, in the order in which they are looked at. */
export function allConditions(
  base: Pick<BaseServices, 'config' | 'http'>,
  watch: Omit<Watch, 'databaseUrl'>,
): Condition[] {
  const { host } = processIdentity();
  const { gatewayUrl } = base.config;
  return [
    ...reachability(watch.readiness),
    ...(gatewayUrl && watch.runsJobs ? [gatewayUnreachable(gatewayUrl, base.http)] : []),
    errorShareHigh,
    jobsGivenUp,
    queueOld,
    ...installation,
    clockWrong(host),
    providerFailing,
    tokensNotRenewed,
    diskAlmostFull(host),
    certificateEnding,
  ];
}

/** Watches this process and the installation until a stop begins, once the process is through its start. */
export function openWatch(base: BaseServices, watch: Watch): void {
  const { cache, logger, lifecycle, notices } = base;
  const { databaseUrl } = watch;
  const database = databaseUrl === undefined ? undefined : openDatabaseAlertStore({ databaseUrl, logger, lifecycle });
  const shared = new SharedAlerts({ database, cache });
  notices.beginWatch(new SharedEvents(shared.updateEvent));
  watchConditions({ conditions: allConditions(base, watch), shared, notify: notices.notify, logger, lifecycle });
}
