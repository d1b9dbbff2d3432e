import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { listDueNotices, notifyReconnect } from '#integrations/services/tokens/notify-reconnect.js';
import { renewExpiringTokens } from '#integrations/services/tokens/renew-expiring-tokens.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';

/** Renews tokens of unused connections, too: Meta's cannot be renewed after their expiry. */
export function refreshTokensJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.refresh-tokens',
    schedule: '1 hour',
    run: () => inBackground(() => renewExpiringTokens(createJobContext(dependencies))),
  };
}

/** Mails due reconnect notices: rows, so that a crash neither loses nor repeats one. */
export function notifyReconnectJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.notify-reconnect',
    schedule: '1 minute',
    run: async () => {
      const context = createJobContext(dependencies);
      const failures: unknown[] = [];
      for (const connection of await listDueNotices(context)) {
        await notifyReconnect(context, connection).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Some reconnect notices could not be queued');
    },
  };
}
