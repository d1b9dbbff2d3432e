import type Big from 'big.js';
import { mapValues } from 'es-toolkit/object';
import type { Context } from '#integrations/context.js';
import type { FigureRow, FigureTotal } from '#integrations/models.js';
import type { FoundSums } from '#integrations/services/figures/grouped-statement.js';
import { changeBetween, decimalOf } from '#integrations/services/figures/metric-change.js';

/** Reads a metric from sums; null where it is unknown. */
export type ReadMetric = (sums: FoundSums) => Big | null;

type Sides = { metrics: FoundSums; previous: FoundSums };

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

/** Returns the resolvers of metrics. */
export const metricsOf = <Name extends string>(reads: Record<Name, ReadMetric>) =>
  mapValues(reads, (read) => (sums: FoundSums) => {
    const value = read(sums);
    return value === null ? null : Number(value);
  });

/** Returns the resolvers of how metrics changed. */
export const changesOf = <Name extends string>(reads: Record<Name, ReadMetric>) =>
  mapValues(
    reads,
    (read) =>
      ({ metrics, previous }: Sides) =>
        changeBetween(read(previous), read(metrics)),
  );

/** Returns both sides, for the change of a row; null without a comparison. */
export const change = ({ metrics, previous }: FigureTotal): Sides | null => previous && { metrics, previous };

/** Returns the client of a row. */
export const client = ({ clientId }: FigureRow, _args: unknown, { clientById }: Context) =>
  clientId ? clientById.load(clientId) : null;
