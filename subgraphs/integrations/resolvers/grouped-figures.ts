import type Big from 'big.js';
import { mapValues } from 'es-toolkit/object';
import type { Context } from '#integrations/context.js';
import type { FoundSums } from '#integrations/services/figures/grouped-statement.js';
import { changeBetween, decimalOf } from '#integrations/services/figures/metric-change.js';

/** Reads a metric from figures; null where it is unknown. */
export type ReadMetric<Figures = FoundSums> = (figures: Figures) => Big | null;

/** Figures of the range, and of the days it is compared with. */
export interface Compared<Figures> {
  metrics: Figures;
  previous: Figures;
}

/** Returns a sum; null where it is not reported. */
export const sumOf =
  (column: string): ReadMetric =>
  (sums) =>
    decimalOf(sums[column] ?? null);

/** Returns several sums together; null where one of them is not reported. */
export const sumOfAll =
  (columns: readonly string[]): ReadMetric =>
  (sums) =>
    columns
      .map((column) => decimalOf(sums[column] ?? null))
      .reduce((sum, one) => (sum === null || one === null ? null : sum.plus(one)));

/** Returns the resolvers of metrics that are numbers. */
export const metricsOf = <Figures, Name extends string>(reads: Record<Name, ReadMetric<Figures>>) =>
  mapValues(reads, (read) => (figures: Figures) => {
    const value = read(figures);
    return value === null ? null : Number(value);
  });

/** Returns the resolver of how a metric changed. */
export const changeOf =
  <Figures>(read: ReadMetric<Figures>) =>
  ({ metrics, previous }: Compared<Figures>) =>
    changeBetween(read(previous), read(metrics));

/** Returns the resolvers of how metrics changed. */
export const changesOf = <Figures, Name extends string>(reads: Record<Name, ReadMetric<Figures>>) =>
  mapValues(reads, (read) => changeOf(read));

/** Returns both sides, for the change of a row; null without a comparison. */
export const change = <Figures>({
  metrics,
  previous,
}: {
  metrics: Figures;
  previous: Figures | null;
}): Compared<Figures> | null => previous && { metrics, previous };

/** Returns the client of a row. */
export const client = ({ clientId }: { clientId: string | null }, _args: unknown, { clientById }: Context) =>
  clientId ? clientById.load(clientId) : null;
