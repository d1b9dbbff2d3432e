import { dateOf } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfRange, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { googleAdsAccounts, isManagedBy } from '#simulator/data/google-ads-accounts.js';
import type { Row } from './row.js';

/** An instance of a FROM resource, with its figures by range. */
export interface Entity {
  attributes: Row;
  figures(first: number, last: number): Figures;
}

/** Returns a resource's entities as seen from one customer. */
export function listEntities(from: string, account: Account): Entity[] {
  switch (from) {
    case 'campaign':
      return account.campaigns.map((campaign) => ({
        attributes: { ...customerAttributes(account), ...campaignAttributes(account, campaign) },
        figures: (first, last) => figuresOfRange(campaign, first, last),
      }));
    case 'customer':
      return [
        {
          attributes: customerAttributes(account),
          figures: (first, last) =>
            addFigures(account.campaigns.map((campaign) => figuresOfRange(campaign, first, last))),
        },
      ];
    default:
      return [account, ...googleAdsAccounts.filter((other) => isManagedBy(other, account))].map((client) => ({
        attributes: { ...customerAttributes(account), ...clientAttributes(account, client) },
        figures: () => NO_FIGURES,
      }));
  }
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
