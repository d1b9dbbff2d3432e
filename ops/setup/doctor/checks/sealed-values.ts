import type pg from 'pg';
import type { Check } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem } from '#ops/setup/doctor/finding.js';
import { knownSecrets } from '#ops/setup/doctor/known-secrets.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import { countKeys, isThere, type SealedColumn, type SqlDatabase } from '#runtime/sealing/sealed-column.js';

const sqlOf = (client: pg.Client): SqlDatabase => ({
  query: async <Result>(statement: string, values?: unknown[]) =>
    (await client.query(statement, values)).rows as Result,
});

async function look(database: SqlDatabase, columns: SealedColumn[], sealer: Sealer): Promise<Finding[]> {
  const missing = new Map<string, number>();
  let all = 0;
  for (const column of columns) {
    if (!(await isThere(database, column))) continue;
    for (const [keyId, count] of Object.entries(await countKeys(database, column))) {
      all += count;
      if (keyId !== 'none' && !sealer.hasKey(keyId)) missing.set(keyId, (missing.get(keyId) ?? 0) + count);
    }
  }
  if (missing.size === 0) return all === 0 ? [] : [ok(`Every key that sealed something is there (${all} values)`)];
  const advice =
    'Put that key into TOKEN_ENCRYPTION_KEY, or into TOKEN_ENCRYPTION_KEY_PREVIOUS. If it is lost, every connection must be made again.';
  return [...missing].map(([keyId, count]) =>
    problem(`${count} of ${all} sealed values cannot be opened: they need the key ${keyId}`, advice),
  );
}

/** Checks that sealed values can be opened, above all after a restore. */
export const sealedValues: Check = {
  name: 'Sealed values',
  run: async ({ databaseUrl, config, sealedColumns }) => {
    const secrets = databaseUrl && knownSecrets(config);
    if (!secrets) return [];
    const sealer = new Sealer(...secrets.tokenEncryptionKeys());
    return withDatabase(databaseUrl, (client) => look(sqlOf(client), sealedColumns, sealer)).catch(() => {
      // Reported by the check of the database.
      return [];
    });
  },
};
