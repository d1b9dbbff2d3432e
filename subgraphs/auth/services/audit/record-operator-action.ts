import type { DataSource } from 'typeorm';
import { INSTALLATION, recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Adds what an operator did through the gateway to the trail of the installation. */
export async function recordOperatorAction(
  database: DataSource,
  identity: Identity,
  { action, details }: { action: string; details: string },
): Promise<true> {
  const after = JSON.parse(details) as Record<string, unknown>;
  await database.transaction((manager) =>
    recordAudit(manager, identity, { organizationId: INSTALLATION, action, after }),
  );
  return true;
}
