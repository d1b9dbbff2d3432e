import type { DataSource } from 'typeorm';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import { trimInvitations } from '../services/trim-invitations.js';

/** Forgets people who never answered. */
export function trimInvitationsJob(database: DataSource, now: () => Date): JobDefinition {
  return { name: 'auth.trim-invitations', schedule: '1 day', run: () => trimInvitations(database, now()) };
}
