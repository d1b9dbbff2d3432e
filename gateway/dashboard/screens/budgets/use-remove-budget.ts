import { useTranslations } from 'use-intl';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { SetBudget } from '#gateway/client/generated/budgets.js';
import { type Budget, nameOf, targetKeyOf, targetOf } from './target.ts';

async function setAgain(budgets: readonly Budget[]): Promise<void> {
  for (const budget of budgets) {
    const { month, repeats, amount } = budget;
    const { amount: value, currency } = amount;
    await run(SetBudget, { ...targetOf(budget), month, repeats, amount: { amount: value, currency } });
  }
}

/** Returns what removes the budgets of a target in all currencies, as the API does, and offers to set them again as they were. */
export function useRemoveBudget(budgets: readonly Budget[]) {
  const t = useTranslations('budgets');
  const tApp = useTranslations('app');
  const either = { failed: t('failed'), refresh: ['BudgetRows'] };
  return (budget: Budget): Promise<void> => {
    const { month, repeats } = budget;
    const name = nameOf(budget);
    const removed = budgets.filter((each) => targetKeyOf(each) === targetKeyOf(budget));
    const restore = () => attempt(() => setAgain(removed), { ...either, done: t('restored', { name }) });
    return attempt(() => run(SetBudget, { ...targetOf(budget), month, repeats, amount: null }), {
      ...either,
      done: t('removed', { name }),
      undo: { label: tApp('undo'), onUndo: () => void restore() },
    });
  };
}
