import { inTransaction, type ServiceContext } from '#auth/context.js';
import { InvalidInput } from '#runtime/errors.js';
import { audit } from './record-audits.js';

const ACTION = 'tool.called';
const TOOL = /^[a-z][a-z_]{0,63}$/;

/**
 * Adds the first call of a tool on a day (UTC) by the caller to their organization's trail; further ones add nothing. Calls at the
 * same moment may both be added.
 */
export async function recordToolCall(context: ServiceContext, { tool }: { tool: string }): Promise<true> {
  const { organizationId, userId, apiKeyId } = context.identity;
  if (!TOOL.test(tool)) throw new InvalidInput([{ argument: 'tool', problem: 'must be the name of a tool' }]);
  if (!organizationId) return true;
  await inTransaction(context, async (transaction) => {
    const [recorded] = await transaction.manager.query<object[]>(
      `SELECT 1 FROM operations.audit_event
       WHERE organization_id = $1 AND occurred_at >= date_trunc('day', now(), 'UTC') AND action = $2
         AND actor_id = $3 AND target_id = $4
       LIMIT 1`,
      [organizationId, ACTION, userId ?? apiKeyId ?? null, tool],
    );
    if (recorded) return;
    await audit(transaction, { organizationId, action: ACTION, target: { type: 'Tool', id: tool } });
  });
  return true;
}
