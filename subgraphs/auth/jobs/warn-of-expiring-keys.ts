import type { DataSource } from 'typeorm';
import { warnOfExpiringKeys } from '#auth/services/api-key/warn-of-expiring-keys.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Tells administrators of API keys that expire within a week, once for each life of a key. */
export function warnOfExpiringKeysJob(services: Services, database: DataSource): JobDefinition {
  return {
    name: 'auth.warn-of-expiring-keys',
    schedule: '1 hour',
    run: async () => void (await warnOfExpiringKeys(services, database)),
  };
}
