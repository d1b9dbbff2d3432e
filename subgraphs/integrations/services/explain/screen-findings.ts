import type { Account } from '#integrations/entities/account.js';
import type { FigureFindingModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { type FigureQuestion, findingValue } from './explained-figure.js';

const MAX_SCREENS = 20;

async function screenFinding({ range, ownTextOf }: FigureQuestion, account: Account): Promise<FigureFindingModel[]> {
  const { name, figureFacts } = describeProviderById(account.providerId);
  const url = figureFacts?.screenOf?.(account, range);
  if (!url) return [];
  return [
    {
      code: 'PROVIDER_SCREEN' as const,
      message: `${name} shows ${account.name} here; choose the days from ${range.start} to ${range.end}.`,
      providerId: account.providerId,
      accounts: [account],
      values: [...findingValue('url', url), ...findingValue('ownFigure', await ownTextOf(account), account.currency)],
    },
  ];
}

/** Returns where the providers show the same figure, and what it should be there. */
export async function screenFindings(question: FigureQuestion): Promise<FigureFindingModel[]> {
  const shown = question.accounts.slice(0, MAX_SCREENS);
  return (await Promise.all(shown.map((account) => screenFinding(question, account)))).flat();
}
