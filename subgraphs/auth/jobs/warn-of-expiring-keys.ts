import type { DataSource } from 'typeorm';
import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { warnOfExpiringKeys } from '../services/warn-of-expiring-keys.js';

/** Tells administrators of API keys that expire within a week, once for each life of a key. */
export function warnOfExpiringKeysJob(runtime: Runtime, database: DataSource): JobDefinition {
  return {
    name: 'auth.warn-of-expiring-keys',
    schedule: '1 hour',
    run: async () => void (await warnOfExpiringKeys(runtime, database)),
  };
}
