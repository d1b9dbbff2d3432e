import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignConnectionModel } from '#integrations/models.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { checkPageSize, type PageArguments } from '#kit/page.js';
import { pageCampaigns } from './page-campaigns.js';

/** Returns a page of an account's campaigns. Throws InvalidInput and the provider's errors. */
export async function listAccountCampaigns(
  context: Context,
  { account, range, ...page }: PageArguments & { account: Account; range: DayRange },
): Promise<CampaignConnectionModel> {
  checkPageSize(page.first);
  await context.checkedRanges.require({ organizationId: account.organizationId, range });
  const answer = await context.campaignFigures.campaigns.load({ account, range });
  const { edges, ...found } = pageCampaigns(answer?.index.byName ?? [], page);
  return {
    ...found,
    edges: edges.map(({ cursor, node: { metrics: _, ...row } }) => ({ cursor, node: { ...row, account } })),
    freshness: answer ? freshnessOf(context, answer) : null,
    account,
    reportedThrough: answer?.reportedThrough ?? null,
    unreadable: unreadableRows(account, answer?.unreadable),
  };
}
