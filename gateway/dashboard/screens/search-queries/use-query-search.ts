import * as z from 'zod/mini';
import type { SearchDimension, SearchMetric } from '#dashboard/graph/generated/graphql.ts';
import { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { figuresOf } from '#dashboard/kit/period.ts';
import { useQuestion, useSearchOf } from '#dashboard/kit/use-search.ts';
import { measures } from './measures.ts';

export const dimensions = ['QUERY', 'PAGE', 'COUNTRY', 'DEVICE', 'ACCOUNT'] as const satisfies SearchDimension[];

const schema = z.object({
  by: z.catch(z.enum(dimensions), 'QUERY'),
  search: z.catch(z.optional(z.string()), undefined),
  without: z.catch(z.optional(z.string()), undefined),
});

/** What the screen asks, as it stands in the address; its arguments for the API; and what changes it. */
export function useQuerySearch() {
  const [question] = useQuestion();
  const [search, change] = useSearchOf(schema);
  const { orderBy, ...order } = useOrder<SearchMetric>(measures);
  const { filter, currency: _, compareTo, ...days } = figuresOf(question);
  const wanted = { ...filter, queryContains: search.search, queryNotContains: search.without };
  return { search, change, order, compareTo, orderBy, groupBy: [search.by], variables: { ...days, filter: wanted } };
}
export type QuerySearch = ReturnType<typeof useQuerySearch>;
