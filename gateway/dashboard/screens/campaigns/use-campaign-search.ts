import * as z from 'zod/mini';
import type { CampaignStatus, PerformanceMetric } from '#dashboard/graph/generated/graphql.ts';
import type { Measure } from '#dashboard/kit/measures/measure.ts';
import { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { figuresOf } from '#dashboard/kit/period.ts';
import { useQuestion, useSearchOf } from '#dashboard/kit/use-search.ts';
import { measures } from './measures.ts';

export const statuses = ['ACTIVE', 'PAUSED', 'ENDED', 'OTHER'] as const satisfies readonly CampaignStatus[];
export const furtherColumns = ['trend', 'status', 'account', 'type'] as const;
export type ColumnKey = (typeof furtherColumns)[number] | Measure['key'];

const COLUMNS: readonly ColumnKey[] = [...furtherColumns, ...measures.map(({ key }) => key)];
const DEFAULT_COLUMNS: readonly ColumnKey[] = ['trend', 'status', 'account', 'cost', 'conversions', 'cpa', 'roas'];

const schema = z.object({
  search: z.catch(z.optional(z.string()), undefined),
  status: z.catch(z.optional(z.enum(statuses)), undefined),
  provider: z.catch(z.optional(z.string()), undefined),
  columns: z.catch(z.optional(z.string()), undefined),
});

/** What the list of campaigns asks, as it stands in the address; its arguments for the API; and what changes it. */
export function useCampaignSearch() {
  const [question] = useQuestion();
  const [search, change] = useSearchOf(schema);
  const { orderBy, ...order } = useOrder<PerformanceMetric>(measures);
  const { filter, ...figures } = figuresOf(question);
  const variables = {
    ...figures,
    filter: {
      ...filter,
      nameContains: search.search,
      status: search.status && [search.status],
      providers: search.provider ? [search.provider] : undefined,
    },
    orderBy,
  };
  const wanted: readonly string[] = search.columns?.split(',') ?? DEFAULT_COLUMNS;
  const shown = COLUMNS.filter((key) => wanted.includes(key));
  return { search, change, order, variables, shown: shown.length > 0 ? shown : DEFAULT_COLUMNS };
}
export type CampaignSearch = ReturnType<typeof useCampaignSearch>;
