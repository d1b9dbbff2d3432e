import type { BudgetRowsQuery } from '#dashboard/graph/generated/graphql.ts';

type Budgets = NonNullable<NonNullable<BudgetRowsQuery['organization']>['budgets']>;
export type Budget = Budgets['edges'][number]['node'];

/** What a budget is for, as arguments of `setBudget`: one of them is given. */
export type Target = { clientId: string } | { accountId: string } | { campaignIds: string[] };

/** Returns what a budget is for, as arguments of `setBudget`: one of them is given. */
export function targetOf({ client, account, campaigns }: Pick<Budget, 'client' | 'account' | 'campaigns'>): Target {
  if (client) return { clientId: client.id };
  if (account) return { accountId: account.id };
  return { campaignIds: (campaigns ?? []).map(({ id }) => id) };
}

/** Returns a key that is the same for budgets of one target, which has one for each currency. */
export const targetKeyOf = (budget: Budget) => JSON.stringify(targetOf(budget));

/** Returns the name of what a budget is for: of several campaigns the first. */
export const nameOf = ({ client, account, campaigns }: Budget) => (client ?? account ?? campaigns?.[0])?.name ?? '';
