import * as z from 'zod/mini';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { type Measure, measureOf, metricOf } from './measure.ts';

const schema = z.object({
  sort: z.catch(z.optional(z.string()), undefined),
  direction: z.catch(z.enum(['asc', 'desc']), 'desc'),
});

/** Returns by what rows are ordered, as it stands in the address; by default by the first measure, the most first. */
export function useOrder<Metric extends string>(measures: readonly Measure[]) {
  const [{ sort, direction }, change] = useSearchOf(schema);
  const sorted = measureOf(measures, sort ?? '');
  return {
    sort: { key: sorted.key, direction },
    onSort: (next: { key: string; direction: 'asc' | 'desc' }) =>
      void change({ sort: next.key, direction: next.direction }),
    orderBy: {
      metric: metricOf(sorted) as Metric,
      direction: direction === 'asc' ? ('ASC' as const) : ('DESC' as const),
    },
  };
}
