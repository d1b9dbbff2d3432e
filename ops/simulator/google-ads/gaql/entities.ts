import { dateOf } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfRange, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { googleAdsAccounts, isManagedBy } from '#simulator/data/google-ads-accounts.js';
import {
  countriesOf,
  DEVICES,
  type Device,
  figuresByCountry,
  figuresByDevice,
} from '#simulator/data/parts/breakdowns.js';
import { splitFigures } from '#simulator/data/parts/split-figures.js';
import { listParts, type PartResource } from './campaign-parts.js';
import type { Query } from './query.js';
import type { Row } from './row.js';

/** An instance of a FROM resource, with its figures by range. */
export interface Entity {
  attributes: Row;
  figures(first: number, last: number): Figures;
  /** Given where `segments.device` is simulated. */
  byDevice?(first: number, last: number): { device: string; figures: Figures }[];
}

/** Returns a query's entities as seen from one customer. */
export function listEntities(query: Query, account: Account): Entity[] {
  switch (query.from) {
    case 'campaign':
      return account.campaigns.map((campaign) => ({
        attributes: attributesOf(account, campaign),
        figures: (first, last) => figuresOfRange(campaign, first, last),
        byDevice: (first, last) => byDevice(figuresByDevice(campaign, first, last)),
      }));
    case 'customer':
      return [
        {
          attributes: customerAttributes(account),
          figures: (first, last) =>
            addFigures(account.campaigns.map((campaign) => figuresOfRange(campaign, first, last))),
          byDevice: (first, last) => {
            const splits = account.campaigns.map((campaign) => figuresByDevice(campaign, first, last));
            return byDevice(DEVICES.map((_device, n) => addFigures(splits.map((split) => split[n] ?? NO_FIGURES))));
          },
        },
      ];
    case 'ad_group':
    case 'ad_group_ad':
    case 'keyword_view':
      return account.campaigns.flatMap((campaign) =>
        listParts(query.from as PartResource, account, campaign).map((part) => ({
          ...part,
          attributes: { ...attributesOf(account, campaign), ...part.attributes },
        })),
      );
    case 'user_location_view':
      return listLocations(query, account);
    default:
      return [account, ...googleAdsAccounts.filter((other) => isManagedBy(other, account))].map((client) => ({
        attributes: { ...customerAttributes(account), ...clientAttributes(account, client) },
        figures: () => NO_FIGURES,
      }));
  }
}

const attributesOf = (account: Account, campaign: Campaign): Row => ({
  ...customerAttributes(account),
  ...campaignAttributes(account, campaign),
});

const DEVICE_NAMES: Record<Device, string> = {
  smartphone: 'MOBILE',
  iphone: 'MOBILE',
  tablet: 'TABLET',
  ipad: 'TABLET',
  desktop: 'DESKTOP',
  tv: 'CONNECTED_TV',
  other: 'OTHER',
};

function byDevice(figures: Figures[]): { device: string; figures: Figures }[] {
  return [...new Set(Object.values(DEVICE_NAMES))].map((device) => ({
    device,
    figures: addFigures(figures.filter((_figures, n) => DEVICE_NAMES[DEVICES[n] as Device] === device)),
  }));
}

/** Nine of ten people are in a place that was targeted. */
const TARGETED_WEIGHTS = [9, 1];

/** One entity per country and whether it was targeted; campaigns are apart where the query names them. */
function listLocations({ select, where, orderBy }: Query, account: Account): Entity[] {
  const names = [...select, ...[...where, ...orderBy].map(({ field }) => field)];
  const isByCampaign = names.some((name) => name.startsWith('campaign.'));
  const groups = isByCampaign ? account.campaigns.map((campaign) => [campaign]) : [account.campaigns];
  return groups.flatMap((campaigns) => {
    const [campaign] = campaigns;
    const known = isByCampaign && campaign ? attributesOf(account, campaign) : customerAttributes(account);
    return countriesOf(account).flatMap((country, n) =>
      [true, false].map((isTargeted) => ({
        attributes: { ...known, ...locationAttributes(account, country, isTargeted) },
        figures: (first: number, last: number) => {
          const parts: Figures[] = [];
          // Split day by day, so that any ranges add up.
          for (let day = first; day <= last; day++) {
            for (const one of campaigns) {
              const whole = figuresByCountry(one, day, day)[n] ?? NO_FIGURES;
              parts.push(splitFigures(whole, TARGETED_WEIGHTS, 0.5)[isTargeted ? 0 : 1] ?? NO_FIGURES);
            }
          }
          return addFigures(parts);
        },
      })),
    );
  });
}

// Criterion ids of countries: https://developers.google.com/google-ads/api/data/geotargets
const COUNTRY_IDS: Record<string, string> = {
  US: '2840',
  CA: '2124',
  MX: '2484',
  PR: '2630',
  DE: '2276',
  AT: '2040',
  CH: '2756',
  FR: '2250',
  JP: '2392',
  KR: '2410',
  TW: '2158',
  GB: '2826',
  IE: '2372',
  GG: '2831',
};

function locationAttributes(account: Account, country: string, isTargeted: boolean): Row {
  const id = COUNTRY_IDS[country] ?? '';
  return {
    'user_location_view.resource_name': `customers/${account.id}/userLocationViews/${id}~${isTargeted}`,
    'user_location_view.country_criterion_id': id,
    'user_location_view.targeting_location': isTargeted,
  };
}

function customerAttributes(account: Account): Row {
  return {
    'customer.resource_name': `customers/${account.id}`,
    'customer.id': account.id,
    'customer.descriptive_name': account.name,
    'customer.currency_code': account.currency,
    'customer.time_zone': account.timeZone,
    'customer.manager': account.manager,
    'customer.test_account': false,
    'customer.auto_tagging_enabled': true,
    'customer.status': account.status,
  };
}

// Level 0 is the customer, level 1 its direct clients.
function clientAttributes(account: Account, client: Account): Row {
  return {
    'customer_client.resource_name': `customers/${account.id}/customerClients/${client.id}`,
    'customer_client.id': client.id,
    'customer_client.client_customer': `customers/${client.id}`,
    'customer_client.descriptive_name': client.name,
    'customer_client.level': client.id === account.id ? '0' : '1',
    'customer_client.manager': client.manager,
    'customer_client.currency_code': client.currency,
    'customer_client.time_zone': client.timeZone,
    'customer_client.hidden': false,
    'customer_client.test_account': false,
    'customer_client.status': client.status,
  };
}

function campaignAttributes(account: Account, campaign: Campaign): Row {
  const budgetId = String(BigInt(campaign.sharesBudgetOf ?? campaign.id) + 50_001n);
  const isShared = campaign.sharesBudgetOf !== undefined;
  const micros = (units: number) => String(units * 10 ** (6 - account.digits));
  const budget = `customers/${account.id}/campaignBudgets/${budgetId}`;
  const isGone = campaign.status === 'REMOVED';
  return {
    'campaign.resource_name': `customers/${account.id}/campaigns/${campaign.id}`,
    'campaign.id': campaign.id,
    'campaign.name': campaign.name,
    'campaign.status': campaign.status,
    'campaign.serving_status': isGone ? 'ENDED' : campaign.status === 'PAUSED' ? 'SUSPENDED' : 'SERVING',
    'campaign.primary_status': campaign.status === 'ENABLED' ? 'ELIGIBLE' : campaign.status,
    'campaign.advertising_channel_type': campaign.kind,
    'campaign.campaign_budget': budget,
    'campaign.start_date_time': `${dateOf(campaign.firstDay)} 00:00:00`,
    'campaign.end_date_time': isGone && campaign.lastDay !== null ? `${dateOf(campaign.lastDay)} 23:59:59` : undefined,
    'campaign_budget.resource_name': budget,
    'campaign_budget.id': budgetId,
    'campaign_budget.name': isShared ? 'Shared' : campaign.name,
    'campaign_budget.explicitly_shared': isShared,
    'campaign_budget.period': campaign.dailyBudget === null ? 'CUSTOM_PERIOD' : 'DAILY',
    'campaign_budget.amount_micros': campaign.dailyBudget === null ? undefined : micros(campaign.dailyBudget),
    'campaign_budget.total_amount_micros':
      campaign.dailyBudget === null ? micros(campaign.clickPrice * 50_000) : undefined,
  };
}
