import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { CampaignTrendsDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Sparkline } from '#dashboard/kit/sparkline.tsx';
import type { CampaignSearch } from './use-campaign-search.ts';

/** Campaigns whose days are asked for together. */
export const BLOCK_SIZE = 50;
const DAY_MS = 86_400_000;

export interface TrendProps {
  campaignId: string;
  /** The cursor that the rows asked for together follow; undefined = they are the first. */
  after: string | undefined;
  variables: CampaignSearch['variables'];
  days: { start: string; end: string };
}

function daysBetween({ start, end }: TrendProps['days']): string[] {
  const length = (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;
  return Array.from({ length }, (_, index) => new Date(Date.parse(start) + index * DAY_MS).toISOString().slice(0, 10));
}

/** What a campaign cost day by day, in the currency of its account. Asked when it is in sight, with the rows around it. */
export function Trend({ campaignId, after, variables, days }: TrendProps) {
  const t = useTranslations('campaigns');
  const { money } = useFigures();
  const { compareTo: _, ...asked } = variables;
  const { data: answer } = useQuery(ask(CampaignTrendsDocument, { ...asked, days, first: BLOCK_SIZE, after }));
  const rows = answer?.data.organization?.performance?.edges ?? [];
  const daily = rows.find(({ node }) => node.campaign?.id === campaignId)?.node.campaign?.metricsDaily;
  if (!daily) return <span className="sparkline" />;
  const costs = new Map(daily.map(({ date, metrics }) => [date, metrics?.cost]));
  const currency = daily.find(({ metrics }) => metrics)?.metrics?.cost.currency ?? 'EUR';
  const values = daysBetween(days).map((day) => Number(costs.get(day)?.amount ?? 0));
  const inMoney = (value: number) => money({ amount: String(value), currency }, true);
  const label = t('trendOf', { highest: inMoney(Math.max(...values)), last: inMoney(values.at(-1) ?? 0) });
  return <Sparkline label={label} values={values} />;
}
