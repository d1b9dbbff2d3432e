import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { SignedCheckpoint } from './checkpoint.js';
import type { AuditAccess } from './inspect-trail.js';
import { findCheckpoints, lastHead } from './known-checkpoints.js';
import { type TrailProblem, verifyTrail } from './verify-trail.js';

export interface DamagedTrail {
  organizationId: string;
  problem: TrailProblem;
}

/** Returns, in batches, the organizations whose trails grew since they were last signed with this key. */
async function* grownTrails(database: SqlDatabase, kid: string): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const rows: { id: string }[] = await database.query(
      `SELECT chain.organization_id AS id FROM operations.audit_chain AS chain
       WHERE ($2::uuid IS NULL OR chain.organization_id > $2) AND NOT EXISTS (
         SELECT FROM operations.audit_checkpoint AS known
         WHERE known.organization_id = chain.organization_id AND known.sequence = chain.sequence AND known.kid = $1)
       ORDER BY chain.organization_id LIMIT 200`,
      [kid, after],
    );
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield rows.map(({ id }) => id);
  }
}

/** Writes checkpoints to all stores; throws when one fails. */
export async function storeCheckpoints({ stores }: AuditAccess, checkpoints: SignedCheckpoint[]): Promise<void> {
  if (checkpoints.length === 0) return;
  for (const store of stores) await store.add(checkpoints);
}

/**
 * Verifies the new events of every trail that grew and signs its end, except of damaged ones. Returns the number of
 * checkpoints, and the damaged trails.
 */
export async function writeCheckpoints(
  access: AuditAccess,
  database: SqlDatabase,
  now: () => Date,
): Promise<{ signed: number; damaged: DamagedTrail[] }> {
  const { signer, stores, snapshots } = access;
  const damaged: DamagedTrail[] = [];
  let signed = 0;
  for await (const organizationIds of grownTrails(database, signer.kid)) {
    const checkpoints: SignedCheckpoint[] = [];
    for (const organizationId of organizationIds) {
      const known = await findCheckpoints(stores, signer, organizationId);
      const after = lastHead(known) ?? known.cut;
      const state = await snapshots((snapshot) =>
        verifyTrail(snapshot, { organizationId, signer, after, heads: known.heads }),
      );
      if (state.problem) damaged.push({ organizationId, problem: state.problem });
      else {
        const at = now().toISOString();
        checkpoints.push(signer.sign({ kind: 'head', organizationId, ...state.last, at }));
        // The cut's old key will be removed one day.
        if (known.cut && known.cut.kid !== signer.kid) checkpoints.push(signer.sign({ ...known.cut, at }));
      }
    }
    await storeCheckpoints(access, checkpoints);
    signed += checkpoints.length;
  }
  return { signed, damaged };
}
