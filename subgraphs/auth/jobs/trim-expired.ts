import { LessThan } from 'typeorm';
import { type JobDependencies, jobContext } from '#auth/context.js';
import { InvitationEntity } from '#auth/entities/invitation.js';
import { OneTimeTokenEntity } from '#auth/entities/one-time-token.js';
import { PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import { SessionEntity } from '#auth/entities/session.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

const HOUR_MS = 60 * 60 * 1000;

/** How long an expired invitation can still be sent again. */
const INVITATION_KEPT_MS = 30 * 24 * HOUR_MS;

/** Deletes sessions that can no longer be refreshed, with their tokens, once a day. */
export function trimSessionsJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'auth.trim-sessions',
    schedule: '1 day',
    run: async () => {
      const { services, manager } = jobContext(dependencies);
      await manager.delete(SessionEntity, { expiresAt: LessThan(services.now()) });
    },
  };
}

/** Deletes invitations that expired a month ago, with the addresses of the invited, once a day. */
export function trimInvitationsJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'auth.trim-invitations',
    schedule: '1 day',
    run: async () => {
      const { services, manager } = jobContext(dependencies);
      const before = new Date(services.now().getTime() - INVITATION_KEPT_MS);
      await manager.delete(InvitationEntity, { expiresAt: LessThan(before) });
    },
  };
}

/** Deletes expired links and pending sign-ups once a day, an hour late: rate limits count those of the last hour. */
export function trimOneTimeTokensJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'auth.trim-one-time-tokens',
    schedule: '1 day',
    run: async () => {
      const { services, manager } = jobContext(dependencies);
      const before = new Date(services.now().getTime() - HOUR_MS);
      await manager.delete(OneTimeTokenEntity, { expiresAt: LessThan(before) });
      await manager.delete(PendingSignUpEntity, { expiresAt: LessThan(before) });
    },
  };
}
