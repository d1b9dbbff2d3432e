import type { BudgetModel, CampaignModel } from '#integrations/models.js';
import type { BudgetForecastResolvers, BudgetResolvers } from '#integrations/resolver-types.js';
import { explainForecast } from '#integrations/services/budgets/explain-forecast.js';
import { Money } from '#runtime/money.js';

const moneyOf = (micros: bigint | string, currency: string) => ({
  amount: Money.fromMicros(micros, currency).toString(),
  currency,
});

/** Estimates are rounded to what the currency usually shows. */
const roundedMoneyOf = (micros: bigint, currency: string) => ({
  amount: Money.fromMicros(micros, currency).toRoundedString(),
  currency,
});

const ofPace = (read: (pace: BudgetModel['pace']) => bigint) => (parent: BudgetModel) =>
  moneyOf(read(parent.pace), parent.budget.currency);

export const Budget: BudgetResolvers = {
  client: ({ budget }, _args, { clientById }) => (budget.clientId ? clientById.load(budget.clientId) : null),
  account: ({ budget }, _args, { accountById }) => (budget.accountId ? accountById.load(budget.accountId) : null),
  campaigns: ({ campaigns }, _args, { history }) =>
    campaigns &&
    Promise.all(
      campaigns.map(async ({ account, externalId }): Promise<CampaignModel> => {
        const known = (await history.campaigns.load(account.id)).get(externalId);
        const unknown = { externalId, name: externalId, status: 'OTHER' as const, providerStatus: '' };
        return { ...(known ?? { ...unknown, objective: null, type: null, budget: null }), account };
      }),
    ),
  repeats: ({ budget }) => budget.repeats,
  currency: ({ budget }) => budget.currency,
  amount: ({ budget }) => moneyOf(budget.amountMicros, budget.currency),
  spent: ofPace(({ spent }) => spent),
  through: ({ pace }) => pace.through,
  spentThrough: ofPace(({ spentThrough }) => spentThrough),
  expected: ({ pace, budget }) => roundedMoneyOf(pace.expected, budget.currency),
  pace: ({ pace }) => pace.pace,
  forecast: ({ pace, budget, month }) => pace.forecast && { ...pace.forecast, budget, month, pace },
  daysLeft: ({ pace }) => pace.daysLeft,
};

export const BudgetForecast: BudgetForecastResolvers = {
  amount: ({ amount, budget }) => roundedMoneyOf(amount, budget.currency),
  low: ({ low, budget }) => (low === null ? null : roundedMoneyOf(low, budget.currency)),
  high: ({ high, budget }) => (high === null ? null : roundedMoneyOf(high, budget.currency)),
  explanation: (forecast) => explainForecast(forecast),
};
