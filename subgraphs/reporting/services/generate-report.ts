import type { Context } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { type Order, type Orderer, orderReport } from '#reporting/making/order-report.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Forbidden } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Throws Forbidden for a service. */
function ordererOf({ userId, apiKeyId, organizationId }: Identity): { orderer: Orderer; organizationId: string } {
  if (!organizationId || !(userId || apiKeyId)) throw new Forbidden('Only a person or an API key can order a report.');
  const orderer = userId ? { createdBy: userId } : { orderedByKey: apiKeyId ?? null };
  return { orderer, organizationId };
}

/** Orders a report for the caller. Throws as `orderReport`. */
export async function generateReport(context: Context, order: Omit<Order, 'organizationId'>): Promise<Report> {
  const { identity } = context;
  const { orderer, organizationId } = ordererOf(identity);
  return orderReport(context, {
    order: { ...order, organizationId },
    orderer,
    within: async (manager, { id, title, clientIds, onUnavailable }) =>
      recordAudit(manager, identity, {
        organizationId,
        action: 'report.ordered',
        target: { type: 'Report', id },
        after: { title, clientIds, onUnavailable },
      }),
  });
}
