import type { AuditLogFilter } from '#auth/resolver-types.js';
import { isStorable } from '#runtime/database/storable-text.js';
import { InvalidInput } from '#runtime/errors.js';

const MAX_ACTIONS = 100;

/** Whether an event of `operations.audit_event` matches a filter, whose `filterValues` are `$1` to `$9`. */
export const MATCHES_FILTER = `
  ($1::bool OR action = ANY ($2) OR EXISTS (SELECT FROM unnest($3::text[]) AS prefix WHERE starts_with(action, prefix)))
  AND ($4::text IS NULL OR actor_id = $4) AND ($5::text IS NULL OR target_type = $5)
  AND ($6::text IS NULL OR target_id = $6) AND ($7::timestamptz IS NULL OR occurred_at >= $7)
  AND ($8::timestamptz IS NULL OR occurred_at < $8) AND ($9::text IS NULL OR outcome = $9)`;

/** Returns the values of MATCHES_FILTER. Throws InvalidInput. */
export function filterValues(filter: AuditLogFilter): unknown[] {
  const { actions, actorId, targetType, targetId, since, until, outcome } = filter;
  if ((actions?.length ?? 0) > MAX_ACTIONS) {
    throw new InvalidInput([{ argument: 'filter.actions', problem: `must name at most ${MAX_ACTIONS} actions` }]);
  }
  const texts = [...(actions ?? []), actorId ?? '', targetType ?? '', targetId ?? ''];
  if (!texts.every(isStorable)) {
    throw new InvalidInput([{ argument: 'filter', problem: 'must not contain a zero character' }]);
  }
  const exact = actions?.filter((action) => !action.endsWith('.*')) ?? [];
  const prefixes = actions?.filter((action) => action.endsWith('.*')).map((action) => action.slice(0, -1)) ?? [];
  const others = [actorId, targetType, targetId, since, until, outcome].map((value) => value ?? null);
  return [!actions, exact, prefixes, ...others];
}
