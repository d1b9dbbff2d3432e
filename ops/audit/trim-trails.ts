import type { DataSource } from 'typeorm';
import type { AuditConfig } from '#runtime/config/operations-config.js';
import type { AuditAccess } from './inspect-trail.js';
import { findCheckpoints } from './known-checkpoints.js';
import { verifyTrail } from './verify-trail.js';
import { type DamagedTrail, storeCheckpoints } from './write-checkpoints.js';

const ROWS_AT_ONCE = 5_000;

export interface TrimOptions extends AuditConfig {
  now: () => Date;
}

/** Returns the last event of each trail that is too old or too many. */
async function findCuts(database: DataSource, { keepEvents, keepMonths, now }: TrimOptions) {
  return database.query<{ organizationId: string; sequence: number }[]>(
    `SELECT organization_id AS "organizationId", greatest(chain.sequence - $1, (
       SELECT max(sequence) FROM operations.audit_event AS event
       WHERE event.organization_id = chain.organization_id AND occurred_at < $2::timestamptz - make_interval(months => $3)
     ))::float8 AS sequence
     FROM operations.audit_chain AS chain
     WHERE EXISTS (
       SELECT FROM operations.audit_event AS event WHERE event.organization_id = chain.organization_id
       AND (event.sequence <= chain.sequence - $1 OR occurred_at < $2::timestamptz - make_interval(months => $3)))
     ORDER BY 1`,
    [keepEvents, now(), keepMonths],
  );
}

async function deleteUpTo(database: DataSource, organizationId: string, sequence: number): Promise<number> {
  for (let removed = 0; ; ) {
    const [rows] = await database.query<[unknown[], number]>(
      `DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence IN (
         SELECT sequence FROM operations.audit_event WHERE organization_id = $1 AND sequence <= $2
         ORDER BY sequence LIMIT ${ROWS_AT_ONCE}) RETURNING sequence`,
      [organizationId, sequence],
    );
    removed += rows.length;
    if (rows.length < ROWS_AT_ONCE) return removed;
  }
}

/**
 * Removes events that are too old or too many. Each trail is verified up to the cut and the cut is signed before
 * anything is removed, so that the rest still verifies after a crash. Damaged trails are skipped. Returns the number of
 * removed events, and the damaged trails.
 */
export async function trimTrails(
  access: AuditAccess,
  database: DataSource,
  options: TrimOptions,
): Promise<{ removed: number; damaged: DamagedTrail[] }> {
  const damaged: DamagedTrail[] = [];
  let removed = 0;
  for (const { organizationId, sequence } of await findCuts(database, options)) {
    const { cut, heads } = await findCheckpoints(access.stores, access.signer, organizationId);
    // A signed cut that a crash prevented is reused.
    if (!cut || cut.sequence < sequence) {
      const state = await access.snapshots((snapshot) =>
        verifyTrail(snapshot, { organizationId, after: cut, heads, upTo: sequence }),
      );
      if (state.problem) {
        damaged.push({ organizationId, problem: state.problem });
        continue;
      }
      const at = options.now().toISOString();
      await storeCheckpoints(access, [access.signer.sign({ kind: 'cut', organizationId, ...state.last, at })]);
    }
    removed += await deleteUpTo(database, organizationId, sequence);
    await database.query(
      `DELETE FROM operations.audit_checkpoint WHERE organization_id = $1 AND sequence < $2 AND signed_at < now() - interval '1 day'`,
      [organizationId, sequence],
    );
  }
  return { removed, damaged };
}
