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

/** Deletes expired sessions and their refresh tokens daily. */
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

/** Deletes invitations that expired a month ago daily. */
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

/** Deletes links, sign-ups and used challenges that expired an hour ago daily; the rate limits count the last hour's. */
export function trimOneTimeTokensJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'auth.trim-one-time-tokens',
    schedule: '1 day',
    run: async () => {
      const { services, manager } = jobContext(dependencies);
      const before = new Date(services.now().getTime() - HOUR_MS);
      await manager.delete(OneTimeTokenEntity, { expiresAt: LessThan(before) });
      await manager.delete(PendingSignUpEntity, { expiresAt: LessThan(before) });
      await manager.query('DELETE FROM auth.used_challenge WHERE expires_at < $1', [before]);
    },
  };
}
