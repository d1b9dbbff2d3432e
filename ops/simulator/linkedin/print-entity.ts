import type { Campaign } from '#simulator/data/campaign.js';
import { HISTORY_START } from '#simulator/data/daily-figures.js';
import type { CampaignGroup, LinkedinAccount } from '#simulator/data/linkedin-accounts.js';
import type { Ad } from '#simulator/data/parts/ad-groups.js';
import { decimalText } from './money.js';
import { ACCOUNT, CAMPAIGN, CAMPAIGN_GROUP, CREATIVE, ORGANIZATION, urnOf } from './urns.js';

const MS_PER_DAY = 86_400_000;
const LOCALES: Record<string, { country: string; language: string }> = {
  USD: { country: 'US', language: 'en' },
  EUR: { country: 'DE', language: 'de' },
  JPY: { country: 'JP', language: 'ja' },
  GBP: { country: 'GB', language: 'en' },
};

// Bigints become JSON numbers with all digits.

export function printAccount(account: LinkedinAccount): Record<string, unknown> {
  return {
    id: BigInt(account.id),
    name: account.name,
    currency: account.currency,
    type: account.type,
    status: account.status,
    reference: urnOf(ORGANIZATION, account.organization),
    servingStatuses: account.status === 'ACTIVE' ? ['RUNNABLE'] : ['STOPPED', 'BILLING_HOLD'],
    test: false,
    ...history(HISTORY_START - 400, HISTORY_START),
  };
}

export function printGroup(account: LinkedinAccount, group: CampaignGroup): Record<string, unknown> {
  return {
    id: BigInt(group.id),
    name: group.name,
    account: urnOf(ACCOUNT, account.id),
    status: group.status,
    runSchedule: { start: HISTORY_START * MS_PER_DAY },
    servingStatuses: group.status === 'ACTIVE' ? ['RUNNABLE'] : ['STOPPED'],
    test: false,
    ...history(HISTORY_START - 300, HISTORY_START),
  };
}

export function printCampaign(
  account: LinkedinAccount,
  group: CampaignGroup,
  campaign: Campaign,
): Record<string, unknown> {
  const money = (units: number) => ({
    amount: decimalText(units, account.digits),
    currencyCode: account.currency,
  });
  const { dailyBudget, firstDay, lastDay } = campaign;
  return {
    id: BigInt(campaign.id),
    name: campaign.name,
    account: urnOf(ACCOUNT, account.id),
    campaignGroup: urnOf(CAMPAIGN_GROUP, group.id),
    associatedEntity: urnOf(ORGANIZATION, account.organization),
    status: campaign.status,
    type: campaignType(campaign),
    objectiveType: campaign.kind,
    costType: campaign.kind === 'BRAND_AWARENESS' ? 'CPM' : 'CPC',
    unitCost: money(campaign.clickPrice),
    dailyBudget: dailyBudget === null ? undefined : money(dailyBudget),
    totalBudget: dailyBudget === null ? money(campaign.clickPrice * 50_000) : undefined,
    runSchedule: { start: firstDay * MS_PER_DAY, end: lastDay === null ? undefined : (lastDay + 1) * MS_PER_DAY },
    locale: LOCALES[account.currency],
    creativeSelection: 'OPTIMIZED',
    offsiteDeliveryEnabled: false,
    audienceExpansionEnabled: false,
    optimizationTargetType: campaign.kind === 'LEAD_GENERATION' ? 'MAX_LEAD' : 'NONE',
    pacingStrategy: 'LIFETIME',
    format: campaignType(campaign) === 'TEXT_AD' ? 'TEXT_AD' : 'STANDARD_UPDATE',
    servingStatuses: campaign.status === 'ACTIVE' ? ['RUNNABLE'] : ['STOPPED'],
    test: false,
    ...history(firstDay - 3, lastDay ?? firstDay + 20),
  };
}

/** Its id is a URN, other than those of campaigns; text ads have no name. */
export function printCreative(account: LinkedinAccount, campaign: Campaign, creative: Ad): Record<string, unknown> {
  const isText = campaignType(campaign) === 'TEXT_AD';
  const createdAt = (campaign.firstDay - 1) * MS_PER_DAY;
  return {
    id: urnOf(CREATIVE, creative.id),
    account: urnOf(ACCOUNT, account.id),
    campaign: urnOf(CAMPAIGN, campaign.id),
    name: isText ? undefined : creative.name,
    intendedStatus: creative.status,
    isServing: creative.status === 'ACTIVE' && campaign.status === 'ACTIVE',
    servingHoldReasons: creative.status === 'ACTIVE' ? undefined : ['STOPPED'],
    isTest: false,
    content: isText
      ? { textAd: { headline: creative.name, description: 'Free returns', landingPage: 'https://northwind.example/' } }
      : { reference: urnOf('share', creative.id) },
    createdAt,
    lastModifiedAt: createdAt,
  };
}

export function campaignType({ kind, seed }: Campaign): string {
  if (kind === 'WEBSITE_VISITS') return seed % 2 === 0 ? 'TEXT_AD' : 'SPONSORED_UPDATES';
  return kind === 'LEAD_GENERATION' && seed % 3 === 0 ? 'SPONSORED_INMAILS' : 'SPONSORED_UPDATES';
}

function history(createdDay: number, changedDay: number) {
  const stamp = (day: number) => ({ actor: 'urn:li:unknown:0', time: day * MS_PER_DAY });
  return {
    version: { versionTag: '3' },
    changeAuditStamps: { created: stamp(createdDay), lastModified: stamp(changedDay) },
  };
}
