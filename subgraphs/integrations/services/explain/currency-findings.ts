import { countDays } from '#integrations/calendar-day.js';
import type { FigureFindingModel } from '#integrations/models.js';
import { amounts } from '#integrations/services/performance/performance-question.js';
import { findingValue, type Question, textOf, textOfAll } from './explained-figure.js';

function converted({ metric, accounts, conversion, own }: Question): FigureFindingModel[] {
  return (conversion?.rates ?? []).flatMap(({ currency, from, to, rate, earlier }) => {
    const ofCurrency = accounts.filter((account) => account.currency === currency);
    if (!conversion || ofCurrency.length === 0) return [];
    const figures = own?.filter(({ account }) => account.currency === currency);
    const ownFigure = figures ? textOfAll(metric, figures) : null;
    const days = earlier.reduce((count, one) => count + countDays(one.from, one.to), 0);
    return [
      {
        code: 'CURRENCY_CONVERTED' as const,
        message: `Amounts in ${currency} were converted into ${conversion.currency} with the reference rates of each day (${conversion.source}); the provider shows them in ${currency}.`,
        providerId: null,
        accounts: ofCurrency,
        values: [
          ...findingValue('currency', currency),
          ...findingValue('ownFigure', ownFigure, currency),
          ...findingValue('rateFrom', from),
          ...findingValue('rateTo', to),
          ...findingValue('rate', rate),
          ...findingValue('daysWithEarlierRate', days),
          ...findingValue('source', conversion.source),
        ],
      },
    ];
  });
}

/** Explains that amounts were converted, or that those in other currencies are not among them. */
export async function currencyFindings(question: Question): Promise<FigureFindingModel[]> {
  const { metric, conversion, askApart } = question;
  if (conversion) return amounts.has(metric) || metric === 'ROAS' ? converted(question) : [];
  const others = await askApart();
  if (others.length === 0) return [];
  const names = others.map(({ currency }) => currency).join(', ');
  return [
    {
      code: 'OTHER_CURRENCIES',
      message: `Figures of accounts in other currencies (${names}) are apart; "currency" converts all into one.`,
      providerId: null,
      accounts: [],
      values: others.flatMap(({ currency, metrics }) => [
        ...findingValue('currency', currency),
        ...findingValue('figure', textOf(metric, metrics), currency),
      ]),
    },
  ];
}
