import { z } from 'zod';
import { addDays, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { SearchHitModel, SearchResultsModel } from '#integrations/models.js';
import { externalIdsOf } from '#integrations/providers/index.js';
import type { CampaignRow } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { parseCampaignId } from '#integrations/services/campaigns/campaign-id.js';
import { checkPageSize, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { isRowId } from '#runtime/database/database.js';
import { storableText } from '#runtime/database/storable-text.js';
import { parseInput } from '#runtime/parse-input.js';
import { type FoundHit, SEARCH } from './search-statement.js';

const MAX_TEXT = 200;
const MATCHES = ['ID', 'NAME', 'PREFIX', 'WORD', 'SUBSTRING'] as const;

const input = z.object({
  text: storableText
    .transform((text) => text.trim())
    .refine((text) => text !== '', 'must not be empty')
    .refine((text) => text.length <= MAX_TEXT, `must have at most ${MAX_TEXT} characters`),
});

const position = z.tuple([z.int(), z.int(), storableText, storableText]);

type Kind = FoundHit['kind'];

export interface SearchArguments extends PageArguments {
  organizationId: string;
  text: string;
  kinds: Kind[];
  includeArchived: boolean;
}

/** The days that `campaign(id)` and lists of the last 30 days ask for: their answers may be cached. */
const CACHED_DAYS = [
  [29, 0],
  [30, 1],
] as const;

async function findCached(context: Context, account: Account): Promise<CampaignRow[] | undefined> {
  const connection = await context.connectionById.load(account.connectionId);
  if (!connection) return undefined;
  const today = dayIn(account.timeZone, context.services.now());
  for (const [start, end] of CACHED_DAYS) {
    const range = { start: addDays(today, -start), end: addDays(today, -end) };
    const key = context.answerCache.keyOf({ product: 'campaigns', account, range }, connection);
    const answer = await context.answerCache.find<'campaigns'>(key);
    if (answer) return answer.found.rows;
  }
  return undefined;
}

const COPIED = `
  SELECT DISTINCT account_id AS "accountId" FROM integrations.history_campaign
  WHERE organization_id = $1 AND account_id = ANY ($2)`;

type KnownCampaign = Omit<CampaignRow, 'metrics'> & { account: Account };

/** Returns the campaigns of accounts that are not copied, as they were asked lately, and the accounts that were not. */
async function findUncopied(
  context: Context,
  { organizationId, accounts }: { organizationId: string; accounts: Account[] },
): Promise<{ campaigns: KnownCampaign[]; notSearched: Account[] }> {
  const offering = accounts.filter(({ providerId }) => context.providers.find(providerId)?.readers.campaigns);
  const rows = await context.database.query<{ accountId: string }[]>(COPIED, [
    organizationId,
    offering.map(({ id }) => id),
  ]);
  const copied = new Set(rows.map(({ accountId }) => accountId));
  const uncopied = offering.filter(({ id }) => !copied.has(id));
  const cached = await Promise.all(
    uncopied.map(async (account) => ({ account, found: await findCached(context, account) })),
  );
  return {
    campaigns: cached.flatMap(({ account, found = [] }) =>
      found.map(({ metrics: _, ...row }) => ({ ...row, account })),
    ),
    notSearched: cached.filter(({ found }) => found === undefined).map(({ account }) => account),
  };
}

/** The campaign of a hit: as last listed, or as it was asked lately. */
async function campaignOf(
  { history }: Context,
  { account, externalId, uncopied }: { account: Account; externalId: string; uncopied: KnownCampaign[] },
): Promise<KnownCampaign | null> {
  const copied = (await history.campaigns.load(account.id)).get(externalId);
  if (copied) return { ...copied, account };
  return uncopied.find((one) => one.account.id === account.id && one.externalId === externalId) ?? null;
}

/** Returns a page of what is found by a name or an id, the best first. Throws InvalidInput. */
export async function searchOrganization(
  context: Context,
  { organizationId, text: given, kinds, includeArchived, ...page }: SearchArguments,
): Promise<SearchResultsModel> {
  checkPageSize(page.first);
  const { text } = parseInput(input, { text: given });
  const after = page.after ? readCursor(position, page.after) : [null, null, null, null];
  const accounts = await listAccounts(context, { organizationId });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const withCampaigns = kinds.includes('CAMPAIGN');
  const uncopied = withCampaigns
    ? await findUncopied(context, { organizationId, accounts })
    : { campaigns: [], notSearched: [] };
  const ids = [...new Set(accounts.map(({ providerId }) => providerId))].flatMap((providerId) =>
    externalIdsOf(providerId, text).map((externalId) => ({ providerId, externalId })),
  );
  const campaignKey = parseCampaignId(text);
  const [found] = await context.database.query<[{ count: number; hits: FoundHit[] }]>(SEARCH, [
    organizationId,
    text,
    kinds,
    [...byId.keys()],
    context.visible.clientIds,
    includeArchived,
    ids.map(({ providerId }) => providerId),
    ids.map(({ externalId }) => externalId),
    uncopied.campaigns.map(({ account }) => account.id),
    uncopied.campaigns.map(({ externalId }) => externalId),
    uncopied.campaigns.map(({ name }) => name),
    withCampaigns,
    isRowId(text) ? text : null,
    campaignKey?.accountId ?? null,
    campaignKey?.externalId ?? null,
    ...after,
    page.first + 1,
  ]);
  const { edges, pageInfo } = pageOf(found.hits, page, (hit) => hit.position);
  const hitOf = async ({ kind, rank, clientId, accountId, externalId }: FoundHit): Promise<SearchHitModel> => {
    const account = byId.get(accountId ?? '') ?? null;
    const isCampaign = kind === 'CAMPAIGN' && account && externalId;
    return {
      kind,
      match: MATCHES[rank] ?? 'SUBSTRING',
      clientId,
      account,
      campaign: isCampaign ? await campaignOf(context, { account, externalId, uncopied: uncopied.campaigns }) : null,
    };
  };
  return {
    edges: await Promise.all(edges.map(async ({ cursor, node }) => ({ cursor, node: await hitOf(node) }))),
    pageInfo,
    totalCount: found.count,
    notSearched: uncopied.notSearched,
  };
}
