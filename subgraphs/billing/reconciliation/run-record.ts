import type { EntityManager } from 'typeorm';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

export const steps = ['ORGANIZATIONS', 'CUSTOMERS', 'SUBSCRIPTIONS'] as const;
export type Step = (typeof steps)[number];

/** A comparison of everything that is stored with what Stripe says. */
export interface Reconciliation {
  id: string;
  startedAt: Date;
  finishedAt: Date | null;
  /** Where it continues, behind `afterId`. */
  step: Step;
  afterId: string | null;
  /** Organizations that were compared. */
  organizationCount: number;
  /** Organizations that could not be. */
  failedCount: number;
  /** Customers and subscriptions that Stripe listed. */
  listedCount: number;
  /** Why it waits; null = it does not. */
  problem: string | null;
}

/** The field of what was corrected at Stripe, as our rules do not allow it: `ours` names the correction. */
export const CORRECTED = 'corrected';

/** Something that differed, as it was before the repair. */
export interface FoundDifference {
  /** null = no organization has it. */
  organizationId: string | null;
  customerId: string;
  kind: 'subscription' | 'invoice' | 'payment' | 'payment_method' | 'customer';
  rowId: string;
  /** `*` = all of it: one of both is null. */
  field: string;
  ours: unknown;
  theirs: unknown;
  isMoney: boolean;
  /** Whether events about the customer were waiting, which would have repaired it. */
  isAwaited: boolean;
}

const COLUMNS = `id, started_at AS "startedAt", finished_at AS "finishedAt", step, after_id AS "afterId",
  organization_count AS "organizationCount", failed_count AS "failedCount", listed_count AS "listedCount", problem`;

const KEPT_DAYS = 90;

/** Returns the last reconciliation; null = there was none. */
export async function findLastReconciliation(database: SqlDatabase): Promise<Reconciliation | null> {
  const [row] = await database.query<Reconciliation[]>(
    `SELECT ${COLUMNS} FROM billing.reconciliation ORDER BY started_at DESC, finished_at DESC NULLS FIRST LIMIT 1`,
  );
  return row ?? null;
}

/** Returns the reconciliation that is unfinished; null = none is. */
export async function findUnfinished(database: SqlDatabase): Promise<Reconciliation | null> {
  const [row] = await database.query<Reconciliation[]>(
    `SELECT ${COLUMNS} FROM billing.reconciliation WHERE finished_at IS NULL`,
  );
  return row ?? null;
}

/** Begins a reconciliation, and deletes those of more than 90 days ago. The caller holds the lock. */
export async function beginReconciliation(database: SqlDatabase, now: Date): Promise<Reconciliation> {
  const before = new Date(now.getTime() - KEPT_DAYS * 24 * 60 * 60 * 1000);
  await database.query('DELETE FROM billing.reconciliation WHERE started_at < $1', [before]);
  const [row] = await database.query<Reconciliation[]>(
    `INSERT INTO billing.reconciliation (started_at) VALUES ($1) RETURNING ${COLUMNS}`,
    [now],
  );
  if (!row) throw new Error('The reconciliation was not stored.');
  return row;
}

/** Stores how far a reconciliation has come. */
export async function saveProgress(database: SqlDatabase, run: Reconciliation): Promise<void> {
  const { id, finishedAt, step, afterId, organizationCount, failedCount, listedCount, problem } = run;
  await database.query(
    `UPDATE billing.reconciliation SET finished_at = $2, step = $3, after_id = $4, organization_count = $5, failed_count = $6,
       listed_count = $7, problem = $8 WHERE id = $1`,
    [id, finishedAt, step, afterId, organizationCount, failedCount, listedCount, problem],
  );
}

/** Stores differences, in the transaction that repairs them. */
export async function recordDifferences(
  manager: EntityManager | SqlDatabase,
  { reconciliationId, found, now }: { reconciliationId: string; found: readonly FoundDifference[]; now: Date },
): Promise<void> {
  for (const { organizationId, customerId, kind, rowId, field, ours, theirs, isMoney, isAwaited } of found) {
    await manager.query(
      `INSERT INTO billing.reconciliation_difference
         (reconciliation_id, organization_id, customer_id, kind, row_id, field, ours, theirs, is_money, is_awaited, found_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[reconciliationId, organizationId, customerId, kind, rowId, field],
        ...[ours, theirs].map((value) => (value === null ? null : JSON.stringify(value))),
        ...[isMoney, isAwaited, now],
      ],
    );
  }
}

/** Returns what a reconciliation found, in the order in which it did. */
export async function listDifferences(database: SqlDatabase, reconciliationId: string): Promise<FoundDifference[]> {
  return database.query<FoundDifference[]>(
    `SELECT organization_id AS "organizationId", customer_id AS "customerId", kind, row_id AS "rowId", field, ours, theirs,
       is_money AS "isMoney", is_awaited AS "isAwaited"
     FROM billing.reconciliation_difference WHERE reconciliation_id = $1 ORDER BY id`,
    [reconciliationId],
  );
}

/** How many differences there were: of money without those that waiting events would have repaired. */
export interface DifferenceCounts {
  differences: number;
  moneyDifferences: number;
}

/** Counts what a reconciliation found. */
export async function countDifferences(database: SqlDatabase, reconciliationId: string): Promise<DifferenceCounts> {
  const [row] = await database.query<DifferenceCounts[]>(
    `SELECT count(*)::int AS differences, count(*) FILTER (WHERE is_money AND NOT is_awaited)::int AS "moneyDifferences"
     FROM billing.reconciliation_difference WHERE reconciliation_id = $1`,
    [reconciliationId],
  );
  return row ?? { differences: 0, moneyDifferences: 0 };
}
