import { dateOf, dayIn, offsetMinutes } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, figuresOfRange, HISTORY_START } from '#simulator/data/daily-figures.js';
import type { Ad, AdGroup } from '#simulator/data/parts/ad-groups.js';
import { getPerson } from '#simulator/oauth/people.js';
import type { NodeFields } from './field-list.js';
import type { Caller } from './oauth/authenticate.js';

/** The fields of the token's user. */
export function userFields({ grant, token }: Caller): NodeFields {
  const person = getPerson(grant.person);
  return {
    id: () => person.metaId,
    name: () => `${person.givenName} ${person.familyName}`,
    first_name: () => person.givenName,
    last_name: () => person.familyName,
    short_name: () => person.givenName,
    email: () => (token.scopes.includes('email') ? person.email : undefined),
  };
}

/** Returns an account's fields; amounts in the currency's smallest unit, as text. */
export function accountFields(account: Account, now: Date): NodeFields {
  return {
    id: () => `act_${account.id}`,
    account_id: () => account.id,
    name: () => account.name,
    currency: () => account.currency,
    timezone_name: () => account.timeZone,
    timezone_offset_hours_utc: () => offsetMinutes(account.timeZone, now) / 60,
    account_status: () => Number(account.status),
    disable_reason: () => (account.status === '2' ? 1 : 0),
    amount_spent: () => {
      const today = dayIn(account.timeZone, now);
      return String(
        addFigures(account.campaigns.map((campaign) => figuresOfRange(campaign, HISTORY_START, today))).cost,
      );
    },
    balance: () => '0',
    spend_cap: () => '0',
    created_time: () => timeText(account, HISTORY_START - 400),
    business: () => (account.people.includes('nora') ? { id: '7710029384756', name: 'Northwind Agency' } : undefined),
  };
}

/** The fields of a campaign. */
export function campaignFields(account: Account, campaign: Campaign): NodeFields {
  return {
    id: () => campaign.id,
    account_id: () => account.id,
    name: () => campaign.name,
    objective: () => campaign.kind,
    status: () => campaign.status,
    configured_status: () => campaign.status,
    effective_status: () => campaign.status,
    buying_type: () => buyingTypeOf(campaign),
    bid_strategy: () => (campaign.dailyBudget === null ? undefined : 'LOWEST_COST_WITHOUT_CAP'),
    daily_budget: () =>
      campaign.dailyBudget === null || campaign.hasAdSetBudgets ? undefined : String(campaign.dailyBudget),
    lifetime_budget: () =>
      campaign.dailyBudget === null && !campaign.hasAdSetBudgets ? String(campaign.clickPrice * 50_000) : undefined,
    special_ad_categories: () => [],
    start_time: () => timeText(account, campaign.firstDay),
    stop_time: () => (campaign.lastDay === null ? undefined : timeText(account, campaign.lastDay + 1)),
    created_time: () => timeText(account, campaign.firstDay - 3),
    updated_time: () => timeText(account, campaign.lastDay ?? campaign.firstDay + 20),
  };
}

/** Returns the effective status of an ad set or ad: a part of what is paused is said to be so. */
export function effectiveStatusOf(own: string, campaign: Campaign, adSet?: AdGroup): string {
  if (own !== 'ACTIVE') return own;
  if (campaign.status === 'PAUSED') return 'CAMPAIGN_PAUSED';
  return adSet?.status === 'PAUSED' ? 'ADSET_PAUSED' : own;
}

/** The fields of an ad set. */
export function adSetFields(account: Account, campaign: Campaign, adSet: AdGroup): NodeFields {
  return {
    id: () => adSet.id,
    account_id: () => account.id,
    campaign_id: () => campaign.id,
    name: () => adSet.name,
    status: () => adSet.status,
    configured_status: () => adSet.status,
    effective_status: () => effectiveStatusOf(adSet.status, campaign),
    optimization_goal: () => (campaign.kind === 'OUTCOME_SALES' ? 'OFFSITE_CONVERSIONS' : 'LINK_CLICKS'),
    billing_event: () => 'IMPRESSIONS',
    start_time: () => timeText(account, campaign.firstDay),
    created_time: () => timeText(account, campaign.firstDay - 2),
  };
}

/** The fields of an ad. */
export function adFields(account: Account, campaign: Campaign, adSet: AdGroup, ad: Ad): NodeFields {
  return {
    id: () => ad.id,
    account_id: () => account.id,
    campaign_id: () => campaign.id,
    adset_id: () => adSet.id,
    adset: () => ({ id: adSet.id, name: adSet.name }),
    name: () => ad.name,
    status: () => ad.status,
    configured_status: () => ad.status,
    effective_status: () => effectiveStatusOf(ad.status, campaign, adSet),
    created_time: () => timeText(account, campaign.firstDay - 1),
  };
}

/** Returns how a campaign is bought: at auction, or reserved for reach. */
export const buyingTypeOf = ({ kind, seed }: Campaign): string =>
  kind === 'OUTCOME_AWARENESS' && seed % 2 === 0 ? 'RESERVED' : 'AUCTION';

/** Midnight in the account's time zone, e.g. 2026-09-01T00:00:00-0400. */
function timeText(account: Account, day: number): string {
  const minutes = offsetMinutes(account.timeZone, new Date(day * 86_400_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${dateOf(day)}T00:00:00${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
