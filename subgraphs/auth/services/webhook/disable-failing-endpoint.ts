import { inTransaction, type ServiceContext } from '#auth/context.js';
import { webhookDisabledMail } from '#auth/mails/webhook-disabled-mail.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { mailAdministrators } from '#auth/services/member/mail-members.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { disableWebhookEndpoint, type EndpointRef, findWebhookEndpoint } from '#runtime/webhooks/endpoint.js';

/**
 * Disables an endpoint that takes nothing, and mails administrators. Does nothing for one that is disabled or was deleted.
 */
export async function disableFailingEndpoint(
  context: ServiceContext,
  { endpoint: { organizationId, id }, reason }: { endpoint: EndpointRef; reason: 'FAILING' | 'GONE' },
): Promise<void> {
  const at = context.services.now();
  const isDisabled = await inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const endpoint = await findWebhookEndpoint(manager, { organizationId, id, isLocked: true });
    if (!endpoint || endpoint.disabledReason) return false;
    const { url } = await disableWebhookEndpoint(manager, endpoint, { reason, at });
    await mailAdministrators(transaction, {
      organizationId,
      kind: 'webhook-disabled',
      key: `${id}:${at.toISOString()}`,
      ...webhookDisabledMail({ url, reason }),
    });
    await audit(transaction, {
      organizationId,
      action: 'webhook.disabled',
      target: { type: 'WebhookEndpoint', id },
      before: { disabledReason: null },
      after: { disabledReason: reason },
    });
    return true;
  });
  if (isDisabled) await deliverSoon(context.services);
}
