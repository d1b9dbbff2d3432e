import { groupBy } from 'es-toolkit/array';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignMetricsModel, CampaignModel, UnreadableRowModel } from '#integrations/models.js';
import { addMetrics } from '#integrations/providers/add-metrics.js';
import type { CampaignRow } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { MAX_UNREADABLE, unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';
import { checkRange } from './check-range.js';
import { type CampaignOrder, compareCampaigns, type RankedCampaign } from './order-campaigns.js';

export interface OrganizationCampaignsArguments extends PageArguments {
  organizationId: string;
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
  unreadable: UnreadableRowModel[];
}

/** Rethrows a defect of ours. */
function describe(account: Account, error: unknown): UnavailableAccount {
  if (!(error instanceof AppError)) throw error;
  const { code, message, retryAfter = null } = error;
  return { account, code, message, retryAfter };
}

async function readAll(context: Context, { accounts, range }: { accounts: Account[]; range: DayRange }) {
  const unavailable: UnavailableAccount[] = [];
  const unreadable: UnreadableRowModel[] = [];
  const read = async (account: Account): Promise<RankedCampaign[]> => {
    try {
      const answer = await context.campaignFigures.campaigns.load({ account, range });
      unreadable.push(...unreadableRows(account, answer?.unreadable));
      return (answer?.found ?? []).map((row) => ({ ...row, account }));
    } catch (error) {
      unavailable.push(describe(account, error));
      return [];
    }
  };
  const campaigns = (await Promise.all(accounts.map(read))).flat();
  return { campaigns, unavailable, unreadable: unreadable.slice(0, MAX_UNREADABLE) };
}

function totalsOf(campaigns: RankedCampaign[]): CampaignMetricsModel[] {
  const byCurrency = groupBy(campaigns, ({ account }) => currencyOf(account));
  return Object.entries(byCurrency)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, some]) => ({
      ...addMetrics(
        some.map(({ metrics }) => metrics),
        currency,
      ),
      currency,
    }));
}

/** When figures have changed, the page starts after the campaign's current index. */
function startAfter(campaigns: RankedCampaign[], cursor: string | null | undefined): RankedCampaign[] {
  if (!cursor) return campaigns;
  const [accountId, externalId] = decodeCursor(cursor, 2);
  const index = campaigns.findIndex(({ account, ...row }) => account.id === accountId && row.externalId === externalId);
  if (index >= 0) return campaigns.slice(index + 1);
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list (any more): begin again' }]);
}

/**
 * Returns a page of an organization's campaigns. Accounts that cannot be read are listed with the reason; the others
 * are complete. Throws InvalidInput, and NotFound for an unknown client.
 */
export async function listOrganizationCampaigns(
  context: Context,
  { organizationId, range, providers, clientId, status, orderBy, ...page }: OrganizationCampaignsArguments,
): Promise<OrganizationCampaigns> {
  checkRange(range, context.services.now());
  checkPageSize(page.first);
  const unknown = providers?.find((id) => !context.providers.find(id));
  if (unknown !== undefined) {
    throw new InvalidInput([{ argument: 'providers', problem: `names "${unknown}", which is no provider here` }]);
  }
  const all = await listAccounts(context, { organizationId, clientIds: clientId ? [clientId] : null });
  const accounts = providers ? all.filter(({ providerId }) => providers.includes(providerId)) : all;
  const read = await readAll(context, { accounts, range });
  const campaigns = read.campaigns
    .filter((campaign) => !status || status.includes(campaign.status))
    .sort(compareCampaigns(orderBy));
  const { edges, pageInfo } = pageOf(startAfter(campaigns, page.after), page, ({ account, externalId }) => [
    account.id,
    externalId,
  ]);
  return {
    edges: edges.map(({ cursor, node: { metrics: _, ...node } }) => ({ cursor, node })),
    pageInfo,
    totalCount: campaigns.length,
    totals: totalsOf(campaigns),
    unavailable: read.unavailable,
    unreadable: read.unreadable,
  };
}
