import type Big from 'big.js';
import { camelCase } from 'es-toolkit/string';
import type { Explainable } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { FigureFindingResolvers } from '#integrations/resolver-types.js';

export const FigureFinding: FigureFindingResolvers = {
  provider: ({ providerId }) => (providerId ? describeProviderById(providerId) : null),
};

/** `KEY_EVENTS` as `keyEvents`. */
type FieldOf<Metric extends string> = Metric extends `${infer First}_${infer Others}`
  ? `${Lowercase<First>}${Capitalize<FieldOf<Others>>}`
  : Lowercase<Metric>;

/** Returns the resolver that explains a metric, given how each is read from sums. */
export const explainWith =
  <Metric extends string, Sums>(reads: Record<FieldOf<Metric>, (sums: Sums) => Big | null>) =>
  (row: Explainable<Sums>, { metric }: { metric: string }) =>
    row.explain({ metric, read: reads[camelCase(metric) as FieldOf<Metric>] });
