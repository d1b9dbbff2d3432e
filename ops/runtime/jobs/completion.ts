import type { DataSource, EntityManager } from 'typeorm';
import type { JobDefinition } from './job-definition.js';

/** A record of the jobs with an idempotency key that are done. */
export interface CompletionLedger {
  has(name: string, key: string): Promise<boolean>;
  add(name: string, key: string): Promise<void>;
}

/** How long an idempotency key holds. */
export const COMPLETION_DAYS = 30;

const INSERT = 'INSERT INTO operations.job_completion (name, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1';

/**
 * Runs `effect` and records it under `key` in one transaction, unless recorded before; returns whether it ran. A
 * concurrent call waits for the first to commit or fail.
 */
export function completeOnce(
  database: DataSource,
  name: string,
  key: string,
  effect: (manager: EntityManager) => Promise<void>,
): Promise<boolean> {
  return database.transaction(async (manager) => {
    const added: unknown[] = await manager.query(INSERT, [name, key]);
    if (added.length === 0) return false;
    await effect(manager);
    return true;
  });
}

/** Returns the ledger in the schema `operations`. */
export function completionLedger(operations: DataSource): CompletionLedger {
  return {
    has: async (name, key) => {
      const found = 'SELECT 1 FROM operations.job_completion WHERE name = $1 AND key = $2';
      return (await operations.query<unknown[]>(found, [name, key])).length > 0;
    },
    add: async (name, key) => void (await operations.query(INSERT, [name, key])),
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns the job that deletes completions whose idempotency key no longer holds. */
export function trimCompletionsJob(operations: DataSource, now: () => Date): JobDefinition {
  return {
    name: 'operations.trim-job-completions',
    schedule: '1 day',
    run: async () => {
      const before = new Date(now().getTime() - COMPLETION_DAYS * DAY_MS);
      await operations.query('DELETE FROM operations.job_completion WHERE completed_at < $1', [before]);
    },
  };
}
