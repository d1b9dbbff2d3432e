import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { endConsents, trimConsents } from '#integrations/services/connect/pending-consent.js';
import { listDueNotices, notifyUser } from '#integrations/services/tokens/notify-user.js';
import { END_CONSENTS, type EndedRight } from '#kit/end-consents-job.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Mails due notices about consents: rows, so that a crash neither loses nor repeats one. */
export function notifyUsersJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.notify-users',
    schedule: '1 minute',
    run: async () => {
      const context = createJobContext(dependencies);
      const failures: unknown[] = [];
      for (const connection of await listDueNotices(context)) {
        await notifyUser(context, connection).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Some notices could not be queued');
    },
  };
}

/** Ends the pending consents of a person who lost the right to connect. */
export function endConsentsJob(dependencies: Dependencies): JobDefinition<EndedRight> {
  return {
    name: END_CONSENTS,
    run: ({ organizationId, userId }) =>
      endConsents(createJobContext(dependencies, organizationId), { organizationId, userId }),
  };
}

/** Deletes expired consents. */
export function trimConsentsJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.trim-consents',
    schedule: '1 hour',
    run: () => trimConsents(createJobContext(dependencies)),
  };
}
