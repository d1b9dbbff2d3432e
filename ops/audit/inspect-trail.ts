import type { CheckpointPlace, CheckpointSigner } from './checkpoint.js';
import { findCheckpoints, type KnownCheckpoints } from './known-checkpoints.js';
import type { Snapshots } from './snapshots.js';
import { type TrailState, verifyTrail } from './verify-trail.js';

/** Where trails and their checkpoints are. */
export interface AuditAccess {
  snapshots: Snapshots;
  places: CheckpointPlace[];
  signer: CheckpointSigner;
}

export interface InspectedTrail extends TrailState {
  checkpoints: KnownCheckpoints;
}

const MAX_ATTEMPTS = 3;

/** What of the checkpoints a verdict rests on. */
const basisOf = ({ cut, heads, restored }: KnownCheckpoints) =>
  JSON.stringify([cut?.sequence, restored?.at, [...heads.keys()].at(-1)]);

/** Verifies all that there is of one trail against all that is vouched for of it, while others add to it and remove from it. */
export async function inspectTrail(access: AuditAccess, organizationId: string): Promise<InspectedTrail> {
  const read = () => findCheckpoints(access.places, access.signer, organizationId);
  let checkpoints = await read();
  for (let attempt = 1; ; attempt += 1) {
    const { cut, heads } = checkpoints;
    const state = await access.snapshots(async (database) => {
      return verifyTrail(database, { organizationId, after: cut, heads });
    });
    if (!state.problem || attempt === MAX_ATTEMPTS) return { ...state, checkpoints };
    // It may have been removed for its age between the two looks.
    const now = await read();
    if (basisOf(now) === basisOf(checkpoints)) return { ...state, checkpoints };
    checkpoints = now;
  }
}
