import type { CheckpointSigner, CheckpointStore } from './checkpoint.js';
import { findCheckpoints, type KnownCheckpoints } from './known-checkpoints.js';
import type { Snapshots } from './snapshots.js';
import { type TrailState, verifyTrail } from './verify-trail.js';

export interface AuditAccess {
  snapshots: Snapshots;
  stores: CheckpointStore[];
  signer: CheckpointSigner;
}

export interface InspectedTrail extends TrailState {
  checkpoints: KnownCheckpoints;
}

const MAX_ATTEMPTS = 3;

const basisOf = ({ cut, heads, restored }: KnownCheckpoints) =>
  JSON.stringify([cut?.sequence, restored?.at, [...heads.keys()].at(-1)]);

/** Verifies one whole trail against its checkpoints, while events may be added and removed. */
export async function inspectTrail(access: AuditAccess, organizationId: string): Promise<InspectedTrail> {
  const read = () => findCheckpoints(access.stores, access.signer, organizationId);
  let checkpoints = await read();
  for (let attempt = 1; ; attempt += 1) {
    const { cut, heads } = checkpoints;
    const state = await access.snapshots(async (database) => {
      return verifyTrail(database, { organizationId, signer: access.signer, after: cut, heads });
    });
    if (!state.problem || attempt === MAX_ATTEMPTS) return { ...state, checkpoints };
    // Events may have been removed between the two reads.
    const now = await read();
    if (basisOf(now) === basisOf(checkpoints)) return { ...state, checkpoints };
    checkpoints = now;
  }
}
