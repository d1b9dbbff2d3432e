import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import type { AuditLogFilter } from '#auth/resolver-types.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { AUDIT_EVENT_COLUMNS, type AuditEvent } from '#runtime/audit/audit-event.js';
import { filterValues, MATCHES_FILTER } from './audit-filter.js';

const position = z.tuple([z.int()]);

/** Returns a page of an organization's audit log, the newest first. Throws InvalidInput. */
export async function listAuditEvents(
  { manager }: ServiceContext,
  { organizationId, filter, ...page }: { organizationId: string; filter?: AuditLogFilter | null } & PageArguments,
): Promise<Page<AuditEvent>> {
  checkPageSize(page.first);
  const values = filterValues(filter ?? {});
  const after = page.after ? readCursor(position, page.after)[0] : null;
  const events: AuditEvent[] = await manager.query(
    `SELECT ${AUDIT_EVENT_COLUMNS} FROM operations.audit_event
     WHERE organization_id = $10 AND ($11::bigint IS NULL OR sequence < $11) AND ${MATCHES_FILTER}
     ORDER BY sequence DESC LIMIT $12`,
    [...values, organizationId, after, page.first + 1],
  );
  return pageOf(events, page, ({ sequence }) => [sequence]);
}
