import type { DataSource } from 'typeorm';
import type { AuditLogFilter } from '#auth/resolver-types.js';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import { AUDIT_EVENT_COLUMNS, type AuditEvent } from '#runtime/audit/audit-event.js';
import { isStorable } from '#runtime/database/storable-text.js';
import { InvalidInput } from '#runtime/errors.js';

const MAX_ACTIONS = 100;

/** Returns the number of the event a cursor stands for. */
function positionIn(cursor: string): number {
  const [sequence] = decodeCursor(cursor, 1);
  if (Number.isSafeInteger(sequence)) return sequence as number;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

function checkFilter({ actions, actorId, targetType, targetId }: AuditLogFilter): void {
  if ((actions?.length ?? 0) > MAX_ACTIONS) {
    throw new InvalidInput([{ argument: 'filter.actions', problem: `must name at most ${MAX_ACTIONS} actions` }]);
  }
  const texts = [...(actions ?? []), actorId ?? '', targetType ?? '', targetId ?? ''];
  if (!texts.every(isStorable)) {
    throw new InvalidInput([{ argument: 'filter', problem: 'must not contain a zero character' }]);
  }
}

/** Returns a page of an organization's audit log, the newest first. Throws InvalidInput. */
export async function listAuditEvents(
  database: DataSource,
  organizationId: string,
  filter: AuditLogFilter,
  page: PageArguments,
): Promise<Page<AuditEvent>> {
  checkPageSize(page.first);
  checkFilter(filter);
  const actions = filter.actions?.filter((action) => !action.endsWith('.*')) ?? [];
  const beginnings = filter.actions?.filter((action) => action.endsWith('.*')).map((action) => action.slice(0, -1));
  const events: AuditEvent[] = await database.query(
    `SELECT ${AUDIT_EVENT_COLUMNS} FROM operations.audit_event
     WHERE organization_id = $1 AND ($2::bigint IS NULL OR sequence < $2)
       AND ($3::bool OR action = ANY ($4) OR EXISTS (SELECT FROM unnest($5::text[]) AS beginning WHERE starts_with(action, beginning)))
       AND ($6::text IS NULL OR actor_id = $6) AND ($7::text IS NULL OR target_type = $7)
       AND ($8::text IS NULL OR target_id = $8) AND ($9::timestamptz IS NULL OR occurred_at >= $9)
       AND ($10::timestamptz IS NULL OR occurred_at < $10) AND ($11::text IS NULL OR outcome = $11)
     ORDER BY sequence DESC LIMIT $12`,
    [
      ...[organizationId, page.after ? positionIn(page.after) : null, !filter.actions, actions, beginnings ?? []],
      ...[filter.actorId, filter.targetType, filter.targetId, filter.since, filter.until, filter.outcome].map(
        (value) => value ?? null,
      ),
      page.first + 1,
    ],
  );
  return pageOf(events, page, ({ sequence }) => [sequence]);
}
