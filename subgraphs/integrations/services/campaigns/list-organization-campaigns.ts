import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { groupBy } from '#integrations/group-by.js';
import type { CampaignMetricsModel, CampaignModel } from '#integrations/models.js';
import { currencyOf } from '#integrations/providers/currency-of.js';
import type { CampaignRow, DayRange } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';
import { addMetrics } from './add-metrics.js';
import { checkRange } from './check-range.js';
import { type CampaignOrder, compareCampaigns } from './order-campaigns.js';
import { readCampaigns } from './read-campaigns.js';

export interface OrganizationCampaignsArguments extends PageArguments {
  range: DayRange;
  providers?: string[] | null;
  clientId?: string | null;
  status?: CampaignRow['status'][] | null;
  orderBy: CampaignOrder;
}

export interface UnavailableAccount {
  account: Account;
  code: string;
  message: string;
  retryAfter: number | null;
}

export interface OrganizationCampaigns extends Page<CampaignModel> {
  totalCount: number;
  totals: CampaignMetricsModel[];
  unavailable: UnavailableAccount[];
}

/** What a client may be told about an error. Throws what nobody expected: it is not about this account. */
function describe(account: Account, error: unknown): UnavailableAccount {
  if (!(error instanceof AppError)) throw error;
  const { code, message, retryAfter = null } = error;
  return { account, code, message, retryAfter };
}

async function readAll(context: Context, accounts: Account[], range: DayRange) {
  const unavailable: UnavailableAccount[] = [];
  const read = async (account: Account): Promise<CampaignModel[]> => {
    try {
      const known = await readCampaigns(context, account, range);
      return (known?.found ?? []).map((row) => ({ ...row, account, range }));
    } catch (error) {
      unavailable.push(describe(account, error));
      return [];
    }
  };
  const campaigns = (await Promise.all(accounts.map(read))).flat();
  return { campaigns, unavailable };
}

function totalsOf(campaigns: CampaignModel[]): CampaignMetricsModel[] {
  const byCurrency = groupBy(campaigns, ({ account }) => currencyOf(account));
  return [...byCurrency]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, some]) => ({
      ...addMetrics(
        some.map(({ metrics }) => metrics),
        currency,
      ),
      currency,
    }));
}

/** A cursor names the campaign it stands behind: with other figures by then, the list goes on from where that one is now. */
function startAfter(campaigns: CampaignModel[], cursor: string | null | undefined): CampaignModel[] {
  if (!cursor) return campaigns;
  const [accountId, externalId] = decodeCursor(cursor, 2);
  const place = campaigns.findIndex(({ account, ...row }) => account.id === accountId && row.externalId === externalId);
  if (place >= 0) return campaigns.slice(place + 1);
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list (any more): begin again' }]);
}

/**
 * Returns a page of the campaigns of all accounts of an organization. An account that cannot be asked is named with its
 * reason, and the others are complete. Throws InvalidInput, and NotFound for an unknown client.
 */
export async function listOrganizationCampaigns(
  context: Context,
  organizationId: string,
  { range, providers, clientId, status, orderBy, ...page }: OrganizationCampaignsArguments,
): Promise<OrganizationCampaigns> {
  checkRange(range, context.services.now());
  checkPageSize(page.first);
  const unknown = providers?.find((id) => !context.providers.find(id));
  if (unknown !== undefined) {
    throw new InvalidInput([{ argument: 'providers', problem: `names "${unknown}", which is no provider here` }]);
  }
  const all = await listAccounts(context, organizationId, clientId ? [clientId] : null);
  const accounts = providers ? all.filter(({ providerId }) => providers.includes(providerId)) : all;
  const read = await readAll(context, accounts, range);
  const campaigns = read.campaigns
    .filter((campaign) => !status || status.includes(campaign.status))
    .sort(compareCampaigns(orderBy));
  return {
    ...pageOf(startAfter(campaigns, page.after), page, ({ account, externalId }) => [account.id, externalId]),
    totalCount: campaigns.length,
    totals: totalsOf(campaigns),
    unavailable: read.unavailable,
  };
}
