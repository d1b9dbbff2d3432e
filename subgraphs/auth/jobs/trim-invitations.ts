import type { DataSource } from 'typeorm';
import { trimInvitations } from '#auth/services/invitation/trim-invitations.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Forgets people who never answered. */
export function trimInvitationsJob(database: DataSource, now: () => Date): JobDefinition {
  return { name: 'auth.trim-invitations', schedule: '1 day', run: () => trimInvitations(database, now()) };
}
