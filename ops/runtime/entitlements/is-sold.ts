import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

const UPSERT = `
  INSERT INTO operations.installation (sells_plans, updated_at) VALUES ($1, $2)
  ON CONFLICT (id) DO UPDATE SET sells_plans = $1, updated_at = $2`;

/** Stores whether the installation sells plans, for the processes that do not have the key of the payment provider. */
export async function publishIsSold(
  operations: SqlDatabase,
  { isSold, now }: { isSold: boolean; now: Date },
): Promise<void> {
  await operations.query(UPSERT, [isSold, now]);
}

/** Whether the installation sells plans, as billing stored it when it last started; it does not where nothing is stored. */
export async function readIsSold(operations: SqlDatabase): Promise<boolean> {
  const [row] = await operations.query<{ sells_plans: boolean }[]>('SELECT sells_plans FROM operations.installation');
  return row?.sells_plans ?? false;
}
