import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import type { AuditLogFilter } from '#auth/resolver-types.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { AUDIT_EVENT_COLUMNS, type AuditEvent } from '#runtime/audit/audit-event.js';
import { isStorable } from '#runtime/database/storable-text.js';
import { InvalidInput } from '#runtime/errors.js';

const MAX_ACTIONS = 100;

const position = z.tuple([z.int()]);

function checkFilter(filter: AuditLogFilter): AuditLogFilter {
  const { actions, actorId, targetType, targetId } = filter;
  if ((actions?.length ?? 0) > MAX_ACTIONS) {
    throw new InvalidInput([{ argument: 'filter.actions', problem: `must name at most ${MAX_ACTIONS} actions` }]);
  }
  const texts = [...(actions ?? []), actorId ?? '', targetType ?? '', targetId ?? ''];
  if (!texts.every(isStorable)) {
    throw new InvalidInput([{ argument: 'filter', problem: 'must not contain a zero character' }]);
  }
  return filter;
}

/** Returns a page of an organization's audit log, the newest first. Throws InvalidInput. */
export async function listAuditEvents(
  { manager }: ServiceContext,
  { organizationId, filter, ...page }: { organizationId: string; filter?: AuditLogFilter | null } & PageArguments,
): Promise<Page<AuditEvent>> {
  checkPageSize(page.first);
  const { actions, actorId, targetType, targetId, since, until, outcome } = checkFilter(filter ?? {});
  const exact = actions?.filter((action) => !action.endsWith('.*')) ?? [];
  const prefixes = actions?.filter((action) => action.endsWith('.*')).map((action) => action.slice(0, -1)) ?? [];
  const events: AuditEvent[] = await manager.query(
    `SELECT ${AUDIT_EVENT_COLUMNS} FROM operations.audit_event
     WHERE organization_id = $1 AND ($2::bigint IS NULL OR sequence < $2)
       AND ($3::bool OR action = ANY ($4) OR EXISTS (SELECT FROM unnest($5::text[]) AS prefix WHERE starts_with(action, prefix)))
       AND ($6::text IS NULL OR actor_id = $6) AND ($7::text IS NULL OR target_type = $7)
       AND ($8::text IS NULL OR target_id = $8) AND ($9::timestamptz IS NULL OR occurred_at >= $9)
       AND ($10::timestamptz IS NULL OR occurred_at < $10) AND ($11::text IS NULL OR outcome = $11)
     ORDER BY sequence DESC LIMIT $12`,
    [
      ...[organizationId, page.after ? readCursor(position, page.after)[0] : null, !actions, exact, prefixes],
      ...[actorId, targetType, targetId, since, until, outcome].map((value) => value ?? null),
      page.first + 1,
    ],
  );
  return pageOf(events, page, ({ sequence }) => [sequence]);
}
