import type { DataSource } from 'typeorm';
import { trimSessions } from '#auth/services/session/trim-sessions.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Keeps the session table as small as the number of people who are signed in. */
export function trimSessionsJob(database: DataSource, now: () => Date): JobDefinition {
  return { name: 'auth.trim-sessions', schedule: '1 day', run: async () => void (await trimSessions(database, now())) };
}
