import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { checkDatabase, pingDatabase } from './check-database.js';

function databaseOf({ waitingCount = 0, error }: { waitingCount?: number; error?: Error } = {}) {
  const asked: string[] = [];
  const database = {
    driver: { master: { waitingCount, totalCount: 1, idleCount: 0 } },
    query: async (text: string) => {
      asked.push(text);
      if (error) throw error;
    },
  } as unknown as DataSource;
  return { asked, database };
}

describe('the checks of one turn', () => {
  it('share one statement, and those of the next send another', async () => {
    const [operations, auth, billing] = [databaseOf(), databaseOf(), databaseOf()];
    const services = { operations: operations.database };
    for (let turn = 1; turn <= 2; turn += 1) {
      await Promise.all([
        pingDatabase(operations.database),
        checkDatabase(services, auth.database),
        checkDatabase(services, billing.database),
      ]);
      expect(operations.asked).toHaveLength(turn);
    }
    expect([...auth.asked, ...billing.asked]).toEqual([]);
  });

  it('ask a schema whose callers wait for a connection by its own pool', async () => {
    const [operations, auth] = [databaseOf(), databaseOf({ waitingCount: 3, error: new Error('no connection') })];
    await expect(checkDatabase({ operations: operations.database }, auth.database)).rejects.toThrow('no connection');
    expect(operations.asked).toEqual([]);
  });

  it('fail together while PostgreSQL does not answer', async () => {
    const operations = databaseOf({ error: new Error('away') });
    const services = { operations: operations.database };
    const checks = [databaseOf(), databaseOf()].map(({ database }) => checkDatabase(services, database));
    expect((await Promise.allSettled(checks)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
