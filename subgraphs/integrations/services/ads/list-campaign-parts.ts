import { type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { CampaignModel, PageOfParts } from '#integrations/models.js';
import type { Period } from '#integrations/period-days.js';
import { addMetrics } from '#integrations/providers/add-metrics.js';
import { type CampaignPart, currencyOf } from '#integrations/providers/products.js';
import { unreadableRows } from '#integrations/services/ask/unreadable-rows.js';
import { includedDays } from '#integrations/services/figures/figure-days.js';
import { reported } from '#integrations/services/shared/reported-through.js';
import { checkPageSize, type PageArguments } from '#kit/page.js';
import { type PartOrder, pageParts } from './order-parts.js';

export interface CampaignPartsArguments extends PageArguments {
  period?: Period | null;
  range?: DayRange | null;
  orderBy: PartOrder;
  adGroupExternalId?: string | null;
}

/**
 * Returns a page of the ad groups, ads or keywords of a campaign with their figures, as its provider has them. Throws
 * InvalidInput and the provider's errors.
 */
export async function listCampaignParts(
  context: Context,
  { campaign, part, ...given }: CampaignPartsArguments & { campaign: CampaignModel; part: CampaignPart },
): Promise<PageOfParts> {
  const { account, externalId: campaignId, objective } = campaign;
  checkPageSize(given.first);
  const now = context.services.now();
  const { organizationId, timeZone } = account;
  const { period, range: givenRange } = given;
  const { range } = await includedDays(context, { organizationId, timeZone, period, range: givenRange });
  const today = dayIn(account.timeZone, now);
  const notOffered = context.providers.find(account.providerId)?.whyWithout?.(part, campaign) ?? null;
  const hasBegun = range.start <= today;
  const asked = { start: range.start, end: firstOf(range.end, today) };
  const answer =
    notOffered === null && hasBegun
      ? await context.loadAnswer({ product: 'campaignParts', account, range: asked, campaignId, part })
      : undefined;
  context.usage.rowsRead += answer?.found.rows.length ?? 0;
  const { adGroupExternalId } = given;
  const parts = (answer?.found.rows ?? []).filter(
    ({ adGroup }) => !adGroupExternalId || adGroup?.externalId === adGroupExternalId,
  );
  const currency = currencyOf(account);
  const withModel = { currency, campaign: { account, objective } };
  const { edges, pageInfo } = pageParts(parts, given.orderBy, given);
  const all = parts.map(({ metrics }) => metrics);
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: { ...node, metrics: { ...node.metrics, ...withModel } } })),
    pageInfo,
    totalCount: parts.length,
    totals: all.length === 0 ? null : { ...addMetrics(all, currency), ...withModel },
    range,
    notOffered,
    account,
    ...reported(context, { account, range: asked, answer }),
    unreadable: unreadableRows(account, answer?.found.unreadable),
  };
}
