import type { DataSource, EntityManager } from 'typeorm';

/** Remembers which jobs with an idempotency key are done. */
export interface CompletionLedger {
  has(name: string, key: string): Promise<boolean>;
  add(name: string, key: string): Promise<void>;
}

/** How long a job is remembered as done; an idempotency key holds this long. */
export const COMPLETION_DAYS = 30;

const INSERT = 'INSERT INTO operations.job_completion (name, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1';

/**
 * Runs `effect` and writes down that it was had, in one transaction; or neither, when it was had before. Whoever comes
 * second waits for the first to commit or to fail.
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
