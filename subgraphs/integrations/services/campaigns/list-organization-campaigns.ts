import { type DayRange, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { OrganizationCampaignConnectionModel } from '#integrations/models.js';
import { type CampaignRow, currencyOf } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { MAX_UNREADABLE, unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { checkPageSize, decodeCursor, type PageArguments, pageOf } from '#kit/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';
import { type CampaignOrder, CampaignRanking } from './campaign-ranking.js';
import { nodeOf } from './currency-campaigns.js';
import type { FoundCampaigns } from './found-figures.js';

const MAX_FILTERS = 100;

export interface OrganizationCampaignsArguments extends PageArguments {
  organizationId: string;
  range: DayRange;
  providers?: string[] | null;
  clientId?: string | null;
  /** Ids here or at the providers. */
  accountIds?: string[] | null;
  currency?: string | null;
  status?: CampaignRow['status'][] | null;
  orderBy: CampaignOrder;
}

type UnavailableAccount = OrganizationCampaignConnectionModel['unavailable'][number];

/** Rethrows a defect of ours. */
function describe(account: Account, error: unknown): UnavailableAccount {
  if (!(error instanceof AppError)) throw error;
  const { code, message, retryAfter = null } = error;
  return { account, code, message, retryAfter };
}

/** The fault of an account that is not asked, as its provider has closed it. */
function closedAccount(account: Account): UnavailableAccount | undefined {
  const fault = account.isActive ? null : faultOfAccount(account);
  return fault ? { account, code: fault.code, message: fault.message, retryAfter: null } : undefined;
}

interface ReadAccount {
  account: Account;
  answer: FoundCampaigns;
}

async function readAll(context: Context, { accounts, range }: { accounts: Account[]; range: DayRange }) {
  const unavailable: UnavailableAccount[] = [];
  const read = async (account: Account): Promise<ReadAccount | undefined> => {
    const closed = closedAccount(account);
    if (closed) {
      unavailable.push(closed);
      return undefined;
    }
    try {
      const answer = await context.campaignFigures.campaigns.load({ account, range });
      return answer && { account, answer };
    } catch (error) {
      unavailable.push(describe(account, error));
      return undefined;
    }
  };
  const found = (await Promise.all(accounts.map(read))).flatMap((one) => one ?? []);
  const unreadable = found.flatMap(({ account, answer }) => unreadableRows(account, answer.unreadable));
  return { found, unavailable, unreadable: unreadable.slice(0, MAX_UNREADABLE) };
}

type Shown = Pick<OrganizationCampaignsArguments, 'status' | 'orderBy'>;

/** Ranks what was found; remembered as long as nothing of it changes. */
function rankingOf({ remembered }: Context, found: ReadAccount[], { key, status, orderBy }: Shown & { key: string }) {
  return remembered.derive(`ranking ${key}`, {
    inputs: found.flatMap(({ account, answer }) => [account.id, account.currency, answer.found]),
    rows: found.reduce((sum, { answer }) => sum + answer.found.length, 0),
    derive: () => {
      const campaigns = found.flatMap(({ account, answer }) => {
        const [accountId, currency] = [account.id, currencyOf(account)];
        const rows = status ? answer.found.filter((row) => status.includes(row.status)) : answer.found;
        return rows.map((row) => ({ accountId, currency, row }));
      });
      return CampaignRanking.of(campaigns, orderBy);
    },
  });
}

/** The oldest of the answers, and the last day that all of them cover. */
function reportedBy(context: Context, answers: FoundCampaigns[]) {
  const [first, ...others] = answers;
  if (!first) return { freshness: null, reportedThrough: null };
  const fetchedAt = new Date(Math.min(...answers.map((answer) => answer.fetchedAt.getTime())));
  const isStale = answers.some((answer) => answer.isStale);
  const days = [first, ...others].map(({ reportedThrough }) => reportedThrough);
  return {
    freshness: freshnessOf(context, { found: null, fetchedAt, isStale }),
    reportedThrough: days.reduce((one, other) => (one && other ? firstOf(one, other) : null)),
  };
}

/** When figures have changed, the page starts after the campaign's current place. */
function placeAfter(ranking: CampaignRanking, cursor: string | null | undefined): number {
  if (!cursor) return 0;
  const [accountId, externalId] = decodeCursor(cursor, 2);
  const place = ranking.placeOf(accountId, externalId);
  if (place !== undefined) return place + 1;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list (any more): begin again' }]);
}

/**
 * Returns a page of an organization's campaigns. Accounts that cannot be read are listed with the reason; the others
 * are complete. Throws InvalidInput, and NotFound for an unknown client or account.
 */
export async function listOrganizationCampaigns(
  context: Context,
  {
    organizationId,
    range,
    providers,
    clientId,
    accountIds,
    currency,
    status,
    orderBy,
    ...page
  }: OrganizationCampaignsArguments,
): Promise<OrganizationCampaignConnectionModel> {
  await context.checkedRanges.require({ organizationId, range });
  checkPageSize(page.first);
  checkSize('status', status, MAX_FILTERS);
  if (currency && !/^[A-Z]{3}$/.test(currency)) {
    throw new InvalidInput([{ argument: 'currency', problem: 'must be an ISO 4217 code, for example EUR' }]);
  }
  const clientIds = clientId ? [clientId] : null;
  const all = await listAccounts(context, { organizationId, clientIds, providers, accountIds });
  // A provider that is no longer configured is asked all the same, for its error.
  const offersCampaigns = ({ providerId }: Account) => {
    const provider = context.providers.find(providerId);
    return !provider || provider.readers.campaigns !== undefined;
  };
  const accounts = all.filter(offersCampaigns).filter((account) => !currency || account.currency === currency);
  const { found, ...missing } = await readAll(context, { accounts, range });
  const key = JSON.stringify([organizationId, range, providers, clientId, accountIds, currency, status, orderBy]);
  const ranking = rankingOf(context, found, { key, status, orderBy });
  const place = placeAfter(ranking, page.after);
  const rows = ranking.campaigns.slice(place, place + page.first + 1);
  const { edges, pageInfo } = pageOf(rows, page, ({ accountId, row }) => [accountId, row.externalId]);
  const byId = new Map(found.map(({ account }) => [account.id, account]));
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: nodeOf(node, byId) })),
    pageInfo,
    ranking,
    accounts: byId,
    ...reportedBy(
      context,
      found.map(({ answer }) => answer),
    ),
    ...missing,
  };
}
