import { groupBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { FigureFindingModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { findingValue, type Question, textOfAll } from './explained-figure.js';

/** Figures that depend on what counts as a conversion. */
export const OF_CONVERSIONS: readonly Question['metric'][] = ['CONVERSIONS', 'CONVERSION_VALUE', 'CPA', 'ROAS'];

function severalProviders({ metric, accounts, own, conversion }: Question): FigureFindingModel[] {
  const ids = [...new Set(accounts.map(({ providerId }) => providerId))];
  if (ids.length < 2) return [];
  const isCounted = metric === 'CONVERSIONS' || !conversion;
  const figures = groupBy(own ?? [], ({ account }) => account.providerId);
  const names = ids.map((id) => describeProviderById(id).name);
  return [
    {
      code: 'SEVERAL_PROVIDERS',
      message: `${names.join(' and ')} each count what their own ads led to: a purchase after ads of several counts at each of them, so that the sum may exceed the purchases of the shop.`,
      providerId: null,
      accounts: [],
      values: isCounted
        ? Object.entries(figures).flatMap(([id, rows]) => findingValue('figure', textOfAll(metric, rows), id))
        : [],
    },
  ];
}

/** Explains what counts as a conversion, for how long, and at whom. */
export function conversionFindings(_context: Context, question: Question): FigureFindingModel[] {
  const { metric, accounts } = question;
  if (!OF_CONVERSIONS.includes(metric)) return [];
  const byProvider = Object.entries(groupBy(accounts, ({ providerId }) => providerId)).flatMap(
    ([providerId, group]) => {
      const { name, figureFacts } = describeProviderById(providerId);
      const { attribution, conversion } = figureFacts ?? {};
      const found: FigureFindingModel[] = [];
      if (attribution) {
        const { model, clickDays, viewDays, countedOn } = attribution;
        const views = viewDays === null ? '' : `, or ${viewDays} after a view`;
        found.push({
          code: 'ATTRIBUTION',
          message: `${name} counts conversions up to ${clickDays} days after a click${views} by default (${model}), on ${countedOn}; its users may have changed that.`,
          providerId,
          accounts: group,
          values: [
            ...findingValue('model', model),
            ...findingValue('clickDays', clickDays),
            ...findingValue('viewDays', viewDays),
            ...findingValue('countedOn', countedOn),
          ],
        });
      }
      if (conversion) {
        found.push({
          code: 'CONVERSION_DEFINITION',
          message: `${name} ${conversion}.`,
          providerId,
          accounts: group,
          values: findingValue('conversion', conversion),
        });
      }
      return found;
    },
  );
  return [...severalProviders(question), ...byProvider];
}
