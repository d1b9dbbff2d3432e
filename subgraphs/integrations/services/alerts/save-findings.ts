import { type EntityManager, In, IsNull } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Alert, AlertEntity } from '#integrations/entities/alert.js';
import type { AlertRule } from '#integrations/entities/alert-rule.js';
import { alertMail } from '#integrations/mails/alert-mail.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import type { Finding } from './evaluate-rule.js';
import { type Recipient, readMembers, seenBy } from './recipients.js';

// The unique index admits one open alert per target, whichever process is first; the other waits, and inserts none.
const RAISE = `
  INSERT INTO integrations.alert (organization_id, rule_id, kind, target_key, target, message, client_id, account_id,
    campaign_id, account_ids, connection_id, day, raised_at, muted_until)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
    (SELECT muted_until FROM integrations.alert WHERE organization_id = $1 AND rule_id = $2 AND target_key = $4
     ORDER BY raised_at DESC LIMIT 1)
  ON CONFLICT (organization_id, rule_id, target_key) WHERE resolved_at IS NULL DO NOTHING
  RETURNING id`;

async function raise(manager: EntityManager, rule: AlertRule, finding: Finding, now: Date): Promise<Alert[]> {
  const { organizationId, id: ruleId, kind } = rule;
  const { targetKey, target, clientId, accountId, campaignId, accountIds, connectionId, verdict } = finding;
  const rows = await manager.query<{ id: string }[]>(RAISE, [
    ...[organizationId, ruleId, kind, targetKey, target, verdict?.message, clientId, accountId, campaignId, accountIds],
    ...[connectionId, verdict?.day ?? null, now],
  ]);
  return manager.findBy(AlertEntity, { organizationId, id: In(rows.map(({ id }) => id)) });
}

async function resolve(manager: EntityManager, alert: Alert, resolution: string, now: Date): Promise<Alert[]> {
  const { id, organizationId } = alert;
  const changes = { resolvedAt: now, resolution };
  const { affected } = await manager.update(AlertEntity, { id, organizationId, resolvedAt: IsNull() }, changes);
  return affected ? [{ ...alert, ...changes }] : [];
}

const GONE = 'It is no longer watched, or its month is over.';

/** Why an open alert is over; undefined = it is not, or nothing can be said. */
function resolutionOf({ day }: Alert, finding: Finding | undefined): string | undefined {
  if (!finding) return GONE;
  const { verdict } = finding;
  // What was found out about an earlier day, by a slower process, says nothing of a later one.
  const isOlder = Boolean(verdict?.day && day && verdict.day < day);
  return verdict && !verdict.isRaised && !isOlder ? verdict.message : undefined;
}

async function queueEvents(manager: EntityManager, alerts: Alert[], now: Date): Promise<void> {
  for (const alert of alerts) {
    const { id, ruleId, kind, target, message, resolution, organizationId } = alert;
    const isBudget = kind === 'OVER_PACE' || kind === 'UNDER_PACE';
    const state = alert.resolvedAt ? ('RESOLVED' as const) : ('RAISED' as const);
    const data = { alertId: id, ruleId, kind, state, target, message: resolution ?? message };
    const type = isBudget ? ('budget.alert' as const) : ('figures.alert' as const);
    await queueWebhookEvent(manager, { organizationId, type, data, occurredAt: now });
  }
}

/** The members who get mails, as they are now; members who have left are not among them. */
async function recipientsOf(context: Context, { organizationId, recipientIds }: AlertRule) {
  if (recipientIds.length === 0) return { organizationName: '', recipients: [] };
  const { organizationName, members } = await readMembers(context, organizationId);
  return { organizationName, recipients: recipientIds.flatMap((id) => members.get(id) ?? []) };
}

interface Notification {
  rule: AlertRule;
  organizationName: string;
  recipients: Recipient[];
  raised: Alert[];
  resolved: Alert[];
}

/** Each recipient gets one mail, about the alerts that they may see. */
async function queueMails(
  context: Context,
  manager: EntityManager,
  { rule, organizationName, recipients, raised, resolved }: Notification,
): Promise<void> {
  const { name: ruleName, organizationId } = rule;
  for (const recipient of recipients) {
    const seen = {
      raised: await seenBy(context, recipient, raised),
      resolved: await seenBy(context, recipient, resolved),
    };
    const [first] = [...seen.raised, ...seen.resolved];
    if (!first) continue;
    const mail = alertMail({ ruleName, organizationName, recipientName: recipient.name, ...seen });
    const key = `alert ${first.id} ${first.resolvedAt ? 'resolved' : 'raised'} ${recipient.id}`;
    await queueMail(manager, { ...mail, recipient: recipient.email, kind: 'alert', organizationId, key });
  }
}

/**
 * Raises and resolves the alerts of a rule by what was found, with the mails and events about them in the same transaction: each
 * once, however many processes do so, and whenever one dies.
 */
export async function saveFindings(
  context: Context,
  { rule, findings, open }: { rule: AlertRule; findings: Finding[]; open: Alert[] },
): Promise<void> {
  const { database, services } = context;
  const now = services.now();
  const openKeys = new Set(open.map(({ targetKey }) => targetKey));
  const byKey = new Map(findings.map((finding) => [finding.targetKey, finding]));
  const toRaise = findings.filter(({ verdict, targetKey }) => verdict?.isRaised && !openKeys.has(targetKey));
  const toResolve = open.flatMap((alert) => {
    const resolution = resolutionOf(alert, byKey.get(alert.targetKey));
    return resolution === undefined ? [] : [{ alert, resolution }];
  });
  if (toRaise.length + toResolve.length === 0) return;
  const { organizationName, recipients } = await recipientsOf(context, rule);
  await database.transaction(async (manager) => {
    const raised: Alert[] = [];
    const resolved: Alert[] = [];
    for (const finding of toRaise) raised.push(...(await raise(manager, rule, finding, now)));
    for (const { alert, resolution } of toResolve) resolved.push(...(await resolve(manager, alert, resolution, now)));
    const isUnmuted = ({ mutedUntil }: Alert) => mutedUntil === null || mutedUntil <= now;
    const changed = { raised: raised.filter(isUnmuted), resolved: resolved.filter(isUnmuted) };
    await queueMails(context, manager, { rule, organizationName, recipients, ...changed });
    await queueEvents(manager, [...changed.raised, ...changed.resolved], now);
  });
  await deliverSoon(services);
  await deliverWebhooksSoon(services);
}
