import { useTranslations } from 'use-intl';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { notify } from '#dashboard/kit/toast.tsx';
import { SetBudget } from '#gateway/client/generated/budgets.js';
import { type Budget, nameOf, targetKeyOf, targetOf } from './target.ts';

/** Returns what removes the budgets of a target in all currencies, as the API does, and offers to set them again as they were. */
export function useRemoveBudget(budgets: readonly Budget[]) {
  const t = useTranslations('budgets');
  const tApp = useTranslations('app');
  const failed = (error: unknown) => notify({ title: t('failed'), text: describeError(error).message, kind: 'failed' });

  async function restore(removed: readonly Budget[], name: string): Promise<void> {
    try {
      for (const budget of removed) {
        const { month, repeats, amount } = budget;
        const { amount: value, currency } = amount;
        await run(SetBudget, { ...targetOf(budget), month, repeats, amount: { amount: value, currency } });
      }
      notify({ title: t('restored', { name }) });
    } catch (error) {
      failed(error);
    }
    await invalidate('BudgetRows');
  }

  return async (budget: Budget): Promise<void> => {
    const { month, repeats } = budget;
    const name = nameOf(budget);
    const removed = budgets.filter((each) => targetKeyOf(each) === targetKeyOf(budget));
    try {
      await run(SetBudget, { ...targetOf(budget), month, repeats, amount: null });
      notify({
        title: t('removed', { name }),
        undo: { label: tApp('undo'), onUndo: () => void restore(removed, name) },
      });
    } catch (error) {
      failed(error);
    }
    await invalidate('BudgetRows');
  };
}
