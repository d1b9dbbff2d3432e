import type { Services } from '#runtime/services.js';
import { openBucketPlace } from './bucket-place.js';
import { CheckpointSigner } from './checkpoint.js';
import { openFolderPlace } from './folder-place.js';
import type { AuditAccess } from './inspect-trail.js';
import { snapshotsOf } from './snapshots.js';
import { openTablePlace } from './table-place.js';

/**
 * Returns how jobs reach trails and checkpoints: in the folder and in the database. The bucket is only written to: whoever
 * verifies everything reads it.
 */
export async function openAuditAccess({ operations, config, secrets }: Services): Promise<AuditAccess> {
  const { s3 } = config.backup;
  const bucket = s3 ? [{ ...(await openBucketPlace(s3)), of: async () => [], organizations: async () => [] }] : [];
  return {
    snapshots: snapshotsOf(operations),
    places: [...bucket, openFolderPlace(config.dataDir), openTablePlace(operations)],
    signer: new CheckpointSigner(secrets),
  };
}
