import { inTransaction, type ServiceContext } from '#auth/context.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import { audit } from './record-audits.js';

/** Adds an operator's action to the installation's trail; `details` is a JSON object. */
export async function recordOperatorAction(
  context: ServiceContext,
  { action, details }: { action: string; details: string },
): Promise<true> {
  const after = JSON.parse(details) as Record<string, unknown>;
  await inTransaction(context, (transaction) => audit(transaction, { organizationId: INSTALLATION, action, after }));
  return true;
}
