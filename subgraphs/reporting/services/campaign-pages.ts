import type { ReportedCampaign } from '#reporting/templates/template.js';

interface Money {
  amount: string;
  currency: string;
}

export interface CampaignNode {
  name: string;
  status: string;
  metrics: {
    impressions: number;
    clicks: number;
    cost: Money;
    /** Null where nothing is counted, as is `conversionValue`. */
    conversions: number | null;
    conversionValue: Money | null;
  };
}

export interface CampaignPage {
  edges: { node: CampaignNode }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  /** Campaigns with a value that could not be read, of the whole list. */
  unreadable: { row: string; field: string }[];
}

const FRAGMENT = /* GraphQL */ `
  fragment CampaignPage on CampaignConnection {
    edges {
      node {
        name
        status
        metrics(range: $range) {
          impressions
          clicks
          cost { amount currency }
          conversions
          conversionValue { amount currency }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    unreadable { row field }
  }
`;

/** Returns the operation that reads a page of campaigns of `count` accounts. */
export function campaignPagesQuery(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const variables = indexes.map((index) => `$id${index}: ID!, $after${index}: String`);
  const fields = indexes.map(
    (index) =>
      `account${index}: account(id: $id${index}) ` +
      `{ campaigns(range: $range, first: 1000, after: $after${index}) { ...CampaignPage } }`,
  );
  return `query ReportedCampaigns($range: DateRangeInput!, ${variables.join(', ')}) { ${fields.join('\n')} }${FRAGMENT}`;
}

/** Returns the variables of that operation: the ids of the accounts and the cursors. */
export function campaignPageVariables(accounts: { id: string; after: string | null }[]): Record<string, unknown> {
  return Object.fromEntries(
    accounts.flatMap(({ id, after }, index) => [
      [`id${index}`, id],
      [`after${index}`, after],
    ]),
  );
}

/** Returns a campaign as templates read it. Throws when its amounts are in two currencies. */
export function reportedCampaign({ name, status, metrics }: CampaignNode): ReportedCampaign {
  const { impressions, clicks, cost, conversions, conversionValue } = metrics;
  const { currency } = cost;
  if (conversionValue && conversionValue.currency !== currency) {
    throw new Error(`The campaign ${name} costs ${currency} but brings ${conversionValue.currency}.`);
  }
  return {
    name,
    status,
    impressions,
    clicks,
    currency,
    cost: cost.amount,
    conversions,
    conversionValue: conversionValue?.amount ?? null,
  };
}
