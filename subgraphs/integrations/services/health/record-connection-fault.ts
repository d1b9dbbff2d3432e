import type { Connection } from '#integrations/entities/connection.js';
import type { StoredFault } from '#integrations/entities/stored-fault.js';
import type { Equipment } from '#integrations/equipment.js';
import { ReconnectRequired } from '#integrations/errors.js';
import { forgetHealth } from './connection-health.js';
import { storedFaultOf } from './stored-fault-of.js';

type Owner = Pick<Connection, 'id' | 'organizationId'>;

/**
 * Writes down what is wrong with all of a connection, or with null that nothing is. A fault that is known already stays
 * as it is, with the time it was first seen. Returns whether something changed.
 */
export async function recordConnectionFault(
  equipment: Equipment,
  { id, organizationId }: Owner,
  fault: StoredFault | null,
): Promise<boolean> {
  const [, changed] = await equipment.database.query<[unknown, number]>(
    `UPDATE integrations.connection SET fault = $3::jsonb
     WHERE id = $1 AND organization_id = $2 AND status = 'ACTIVE' AND fault->>'code' IS DISTINCT FROM $4::text`,
    [id, organizationId, fault && JSON.stringify(fault), fault?.code ?? null],
  );
  if (changed > 0) await forgetHealth(equipment, organizationId);
  return changed > 0;
}

/** Writes down why a connection could not be used at all. What only its person can mend is recorded where it is found out. */
export async function recordFailure(equipment: Equipment, owner: Owner, error: unknown): Promise<void> {
  if (!(error instanceof Error) || error instanceof ReconnectRequired) return;
  const fault = storedFaultOf(error, equipment.services.now());
  if (!fault) return;
  try {
    await recordConnectionFault(equipment, owner, fault);
  } catch (err) {
    // The failure itself is what the caller must hear of.
    equipment.services.logger.warn(
      { err, connectionId: owner.id },
      'What is wrong with a connection was not written down',
    );
  }
}
