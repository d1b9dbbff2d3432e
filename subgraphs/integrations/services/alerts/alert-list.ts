import { IsNull } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type Alert, AlertEntity } from '#integrations/entities/alert.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

const DAY_MS = 86_400_000;
const MAX_DAYS = 365;

const position = z.tuple([z.string().refine(isRowId)]);

/** Returns a page of the alerts, the newest first. Throws InvalidInput. */
export async function listAlerts(
  { database }: Context,
  { organizationId, state, ...page }: PageArguments & { organizationId: string; state?: 'RAISED' | 'RESOLVED' | null },
): Promise<Page<Alert>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(AlertEntity, 'alert')
    .where('alert.organizationId = :organizationId', { organizationId })
    .orderBy('alert.raisedAt', 'DESC')
    .addOrderBy('alert.id', 'DESC')
    .limit(page.first + 1);
  if (state) query.andWhere(`alert.resolvedAt IS ${state === 'RAISED' ? '' : 'NOT '}NULL`);
  if (page.after) {
    const [id] = readCursor(position, page.after);
    query.andWhere(
      `(alert.raisedAt, alert.id) < (SELECT raised_at, id FROM integrations.alert
        WHERE organization_id = :organizationId AND id = :id)`,
      { id },
    );
  }
  return pageOf(await query.getMany(), page, ({ id }) => [id]);
}

async function change(
  { database, identity }: Context,
  { alertId: id, action, changes }: { alertId: string; action: string; changes: Partial<Alert> },
): Promise<Alert> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('alert');
  return database.transaction(async (manager) => {
    const where = { id, organizationId, ...(action === 'alert.acknowledged' && { acknowledgedAt: IsNull() }) };
    const { affected } = await manager.update(AlertEntity, where, changes);
    const alert = await manager.findOneBy(AlertEntity, { id, organizationId });
    if (!alert) throw new NotFound('alert');
    const target = { type: 'Alert', id: alert.id };
    if (affected) await recordAudit(manager, identity, { organizationId, action, target, after: { ...changes } });
    return alert;
  });
}

/** Records that an alert is taken care of; the first time counts. Throws NotFound. */
export function acknowledgeAlert(context: Context, { alertId }: { alertId: string }): Promise<Alert> {
  const { services, identity } = context;
  const changes = { acknowledgedAt: services.now(), acknowledgedByUserId: identity.userId ?? null };
  return change(context, { alertId, action: 'alert.acknowledged', changes });
}

/** Sends nothing about an alert and the next ones of its target for some days. Throws InvalidInput and NotFound. */
export function muteAlert(context: Context, { alertId, days }: { alertId: string; days: number }): Promise<Alert> {
  if (days < 0 || days > MAX_DAYS) throw refusal('days', `must be 0 to ${MAX_DAYS}`);
  const mutedUntil = days === 0 ? null : new Date(context.services.now().getTime() + days * DAY_MS);
  return change(context, { alertId, action: 'alert.muted', changes: { mutedUntil } });
}
