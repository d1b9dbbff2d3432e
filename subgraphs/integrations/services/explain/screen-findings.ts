import type { Context } from '#integrations/context.js';
import type { FigureFindingModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { findingValue, type Question, textOfAll } from './explained-figure.js';

const MAX_SCREENS = 20;

/** Returns where the providers show the same figure, and what it should be there. */
export function screenFindings(_context: Context, { metric, accounts, range, own }: Question): FigureFindingModel[] {
  return accounts.slice(0, MAX_SCREENS).flatMap((account) => {
    const { name, figureFacts } = describeProviderById(account.providerId);
    const url = figureFacts?.screenOf?.(account, range);
    if (!url) return [];
    const figures = own?.filter((one) => one.account.id === account.id);
    return [
      {
        code: 'PROVIDER_SCREEN' as const,
        message: `${name} shows ${account.name} here; choose the days from ${range.start} to ${range.end}.`,
        providerId: account.providerId,
        accounts: [account],
        values: [
          ...findingValue('url', url),
          ...findingValue('ownFigure', figures ? textOfAll(metric, figures) : null, account.currency),
        ],
      },
    ];
  });
}
