import type { Context } from '#integrations/context.js';

/** Deletes the private views of a person who has left an organization; shared ones stay without an owner. Idempotent. */
export async function endMembership(
  { database }: Context,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<void> {
  const parameters = [organizationId, userId];
  await database.transaction(async (manager) => {
    await manager.query(
      'DELETE FROM integrations.saved_view WHERE organization_id = $1 AND owner_id = $2 AND NOT is_shared',
      parameters,
    );
    await manager.query(
      'UPDATE integrations.saved_view SET owner_id = NULL WHERE organization_id = $1 AND owner_id = $2',
      parameters,
    );
  });
}
