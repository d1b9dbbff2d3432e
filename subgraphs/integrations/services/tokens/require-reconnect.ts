import { randomUUID } from 'node:crypto';
import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { ReconnectRequired } from '#integrations/errors.js';
import { describeFault } from '#integrations/faults/fault-code.js';
import { storedFaultOf } from '#integrations/faults/fault-of.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { assignAccounts, lockOrganization } from '#integrations/services/accounts/assign-accounts.js';
import { forgetHealth } from '#integrations/services/health/connection-health.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

/**
 * Records that a connection needs its user, with audit event and notice, unless it changed meanwhile. Accounts move to
 * another connection that opens them.
 */
export async function requireReconnect(
  context: Context,
  { connection, error }: { connection: Connection; error: ReconnectRequired },
): Promise<void> {
  const { database, services } = context;
  const { id, organizationId, version, providerId } = connection;
  const now = services.now();
  const fault = storedFaultOf(error, now) ?? { code: 'TOKEN_REVOKED' as const, since: now.toISOString() };
  const { name } = describeProviderById(providerId);
  const reason = fault.message ?? describeFault(fault.code, name);
  const isRecorded = await database.transaction(async (manager) => {
    await lockOrganization(manager, organizationId);
    const { affected } = await manager.update(
      ConnectionEntity,
      { id, organizationId, version, status: 'ACTIVE' },
      { status: 'RECONNECT_REQUIRED', reason, fault, noticeDueAt: now },
    );
    if (!affected) return false;
    await assignAccounts(manager, organizationId);
    await queueWebhookEvent(manager, {
      organizationId,
      type: 'connection.broken',
      data: { connectionId: id, providerId, fault: fault.code, reason },
      occurredAt: now,
    });
    const requestId = currentRequestContext()?.requestId ?? randomUUID();
    await recordAudit(
      manager,
      // Not the caller whose request found it out.
      { kind: 'service', scopes: [], requestId },
      {
        organizationId,
        action: 'connection.reconnect-required',
        target: { type: 'Integration', id },
        before: { status: 'ACTIVE' },
        after: { status: 'RECONNECT_REQUIRED', provider: providerId, fault: fault.code },
      },
    );
    return true;
  });
  if (!isRecorded) return;
  await forgetHealth(context, organizationId);
  await deliverWebhooksSoon(services);
  services.logger.warn({ connectionId: id, organizationId, err: error }, 'Connection requires reconnect');
  services.alerts.raise({
    category: 'oauth',
    key: `reconnect-required ${providerId}`,
    runbook: 'reconnect-required',
    message: `A connection with ${providerId} must be renewed by its person. If there are many, check the credentials of this installation there.`,
    error,
    organizationId,
    details: { connectionId: id },
  });
}
