import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsCatalogueModel } from '#integrations/models.js';
import { copiedAnalyticsDimensions, copiedMetrics } from '#integrations/services/history/kinds/analytics.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { InvalidInput } from '#runtime/errors.js';
import type { AnalyticsNames } from './analytics-shape.js';

/** Returns the dimensions and metrics of a property; null elsewhere. Throws the provider's errors. */
export async function readAnalyticsCatalogue(
  { loadAnswer }: Context,
  { account }: { account: Account },
): Promise<AnalyticsCatalogueModel | null> {
  const answer = await loadAnswer({ product: 'analyticsCatalogue', account });
  if (!answer) return null;
  const { dimensions, metrics } = answer.found;
  return {
    dimensions: dimensions.map((field) => ({ ...field, account, kind: null })),
    metrics: metrics.map((field) => ({ ...field, account })),
  };
}

/** Returns what a dimension or a metric is incompatible with. Throws the provider's errors. */
export async function readIncompatible(
  { loadAnswer }: Context,
  account: Account,
  field: { dimension: string } | { metric: string },
): Promise<string[] | null> {
  const answer = await loadAnswer({ product: 'analyticsIncompatible', account, ...field });
  return answer?.found ?? null;
}

const copiedNames: ReadonlySet<string> = new Set(copiedAnalyticsDimensions);

/** A property whose catalogue is known, with all names that any of the properties has. */
async function findKnown(context: Context, accounts: Account[]) {
  const catalogues = await Promise.allSettled(accounts.map((account) => readAnalyticsCatalogue(context, { account })));
  const found = catalogues.flatMap((one, index) =>
    one.status === 'fulfilled' && one.value ? [{ account: accounts[index] as Account, ...one.value }] : [],
  );
  const [first] = found;
  if (!first) return undefined;
  const namesIn = (list: 'dimensions' | 'metrics') =>
    new Set(found.flatMap((catalogue) => catalogue[list].map(({ name }) => name)));
  return { account: first.account, dimensions: namesIn('dimensions'), metrics: namesIn('metrics') };
}

/**
 * Checks names that are not copied against the catalogues of properties. Returns the copied metrics that Google does not measure
 * by these dimensions. Throws InvalidInput for a name that no property has, and for two that do not go together. Properties that
 * cannot be asked now are not checked.
 */
export async function checkNames(
  context: Context,
  accounts: Account[],
  { dimensions, metrics }: AnalyticsNames,
): Promise<ReadonlySet<string>> {
  const uncommon = dimensions.filter((name) => !copiedNames.has(name));
  if (uncommon.length === 0 && metrics.length === 0) return new Set();
  const known = await findKnown(context, accounts);
  if (!known) return new Set();
  const wrong = [
    ...dimensions.flatMap((name) => (known.dimensions.has(name) ? [] : [{ argument: 'dimensions', name }])),
    ...metrics.flatMap((name) => (known.metrics.has(name) ? [] : [{ argument: 'metrics', name }])),
  ];
  if (wrong.length > 0) {
    throw new InvalidInput(
      wrong.map(({ argument, name }) => ({
        argument,
        problem: `names "${name}", which no property has: see analyticsCatalogue`,
      })),
    );
  }
  for (const metric of metrics) {
    const incompatible = await readIncompatible(context, known.account, { metric }).catch(() => null);
    const dimension = incompatible?.find((name) => dimensions.includes(name));
    if (dimension) throw refusal('metrics', `names "${metric}", which is incompatible with "${dimension}"`);
  }
  const lists = await Promise.all(
    uncommon.map((dimension) => readIncompatible(context, known.account, { dimension }).catch(() => null)),
  );
  const incompatible = new Set(lists.flatMap((list) => list ?? []));
  return new Set(copiedMetrics.filter((metric) => incompatible.has(metric)));
}
