import { type DataSource, LessThan } from 'typeorm';
import { OneTimeTokenEntity } from '#auth/entities/one-time-token.js';
import { PendingSignUpEntity } from '#auth/entities/pending-sign-up.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Deletes what links that no longer hold said. An hour later than they end: the hour's links are counted. */
export function trimOneTimeTokensJob(database: DataSource, now: () => Date): JobDefinition {
  const HOUR_MS = 60 * 60 * 1000;
  return {
    name: 'auth.trim-one-time-tokens',
    schedule: '1 day',
    run: async () => {
      const before = new Date(now().getTime() - HOUR_MS);
      await database.manager.delete(OneTimeTokenEntity, { expiresAt: LessThan(before) });
      await database.manager.delete(PendingSignUpEntity, { expiresAt: LessThan(before) });
    },
  };
}
