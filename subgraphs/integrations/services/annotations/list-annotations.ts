import { Brackets, type SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { type Annotation, AnnotationEntity } from '#integrations/entities/annotation.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { checkDays } from '#integrations/services/figures/figure-days.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { isRowId } from '#runtime/database/database.js';
import { Unauthenticated } from '#runtime/errors.js';

const position = z.tuple([z.iso.date(), z.string().refine(isRowId)]);

/** What notes are about; null = anything. */
interface Scope {
  accountIds: string[];
  clientIds: string[];
}

const CLIENTS = `
  SELECT DISTINCT client_id AS id FROM integrations.client_account
  WHERE organization_id = $1 AND account_id = ANY ($2::uuid[]) AND ($3::uuid[] IS NULL OR client_id = ANY ($3))`;

/** Returns accounts with the clients they belong to, as far as the caller sees them. */
async function scopeOf({ database, identity, visible }: Context, accounts: Account[]): Promise<Scope> {
  const accountIds = accounts.map(({ id }) => id);
  const parameters = [identity.organizationId, accountIds, visible.clientIds];
  const clients = await database.query<{ id: string }[]>(CLIENTS, parameters);
  return { accountIds, clientIds: clients.map(({ id }) => id) };
}

/** Selects the notes the caller sees, the latest days first: those about a scope, and about the organization. */
function annotationsOf({ database, identity, visible }: Context, scope: Scope | null): SelectQueryBuilder<Annotation> {
  const { organizationId } = identity;
  const query = database
    .createQueryBuilder(AnnotationEntity, 'annotation')
    .where('annotation.organizationId = :organizationId', { organizationId })
    .orderBy('annotation.startsOn', 'DESC')
    .addOrderBy('annotation.id');
  if (!scope) return query;
  return query.andWhere(
    new Brackets((about) => {
      about
        .where('annotation.accountId = ANY(:accountIds)', { accountIds: scope.accountIds })
        .orWhere('annotation.clientId = ANY(:clientIds)', { clientIds: scope.clientIds });
      // One about everything may be about other clients than those of a limited member.
      if (!visible.clientIds) about.orWhere('annotation.accountId IS NULL AND annotation.clientId IS NULL');
    }),
  );
}

export interface AnnotationsArguments extends PageArguments {
  organizationId: string;
  range?: DayRange | null;
  filter?: { clientIds?: string[] | null; accountIds?: string[] | null } | null;
}

/**
 * Returns a page of the notes on days that the caller sees, the latest days first. Throws InvalidInput, and NotFound for an unknown
 * client or account.
 */
export async function listAnnotations(
  context: Context,
  { organizationId, range, filter, ...page }: AnnotationsArguments,
): Promise<Page<Annotation>> {
  checkPageSize(page.first);
  if (range) checkDays('range', range);
  const { clientIds, accountIds } = filter ?? {};
  const isWhole = !clientIds && !accountIds && !context.visible.clientIds;
  const scope = isWhole
    ? null
    : await scopeOf(context, await listAccounts(context, { organizationId, clientIds, accountIds }));
  // A client without accounts has notes, too; listAccounts has refused unknown ones.
  const ownClients = clientIds ?? (accountIds ? [] : (context.visible.clientIds ?? []));
  const query = annotationsOf(context, scope && { ...scope, clientIds: [...scope.clientIds, ...ownClients] });
  if (range) query.andWhere('annotation.endsOn >= :start AND annotation.startsOn <= :end', range);
  if (page.after) {
    const [day, id] = readCursor(position, page.after);
    query.andWhere('(annotation.startsOn < :day OR (annotation.startsOn = :day AND annotation.id > :id))', { day, id });
  }
  const rows = await query.limit(page.first + 1).getMany();
  return pageOf(rows, page, ({ startsOn, id }) => [startsOn, id]);
}

const MAX_BESIDE_FIGURES = 100;

/** Returns the notes beside figures of accounts: on days of any of the ranges, the latest first, at most 100. */
export async function annotationsBeside(
  context: Context,
  { accounts, ranges }: { accounts: Account[]; ranges: DayRange[] },
): Promise<Annotation[]> {
  if (!context.identity.organizationId) throw new Unauthenticated();
  return annotationsOf(context, await scopeOf(context, accounts))
    .andWhere(
      `EXISTS (SELECT FROM unnest(CAST(:starts AS date[]), CAST(:ends AS date[])) AS days (first, last)
        WHERE annotation.endsOn >= days.first AND annotation.startsOn <= days.last)`,
      { starts: ranges.map(({ start }) => start), ends: ranges.map(({ end }) => end) },
    )
    .limit(MAX_BESIDE_FIGURES)
    .getMany();
}
