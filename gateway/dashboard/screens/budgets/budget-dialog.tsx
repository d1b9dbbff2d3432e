import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { SetBudget } from '#gateway/client/generated/budgets.js';
import { type Budget, nameOf, targetOf } from './target.ts';
import { TargetFields, useTargetChoice } from './target-fields.tsx';

export interface BudgetDialogProps {
  /** What is to be changed; absent = a new one. */
  budget?: Budget;
  /** The first day of the month. */
  month: string;
  onClose: () => void;
}

interface Values {
  amount: string;
  repeats: boolean;
}

/** Returns an amount as the API takes it; undefined when it is none. A comma is a decimal point, too. */
function amountOf(text: string): string | undefined {
  const amount = text.trim().replace(',', '.');
  return /^\d{1,12}(\.\d{1,6})?$/.test(amount) ? amount : undefined;
}

/** Sets how much may be spent on a client or an account, or changes it. */
export function BudgetDialog({ budget, month, onClose }: BudgetDialogProps) {
  const t = useTranslations('budgets');
  const tApp = useTranslations('app');
  const { month: inWords } = useFigures();
  const choice = useTargetChoice();
  const currency = budget?.currency ?? choice.currency;
  const form = useApiForm<Values>(
    { amount: budget?.amount.amount ?? '', repeats: budget?.repeats ?? true },
    async ({ amount: text, repeats }) => {
      const amount = amountOf(text);
      const target = budget ? targetOf(budget) : choice.target;
      if (!amount || !target || !currency) return;
      await run(SetBudget, { ...target, month, repeats, amount: { amount, currency } });
      notify({ title: t('created') });
      onClose();
      await invalidate('BudgetRows');
    },
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={budget ? t('editOf', { name: nameOf(budget) }) : t('create')}
      text={inWords(month)}
    >
      <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
        {!budget && <TargetFields choice={choice} />}
        <Field
          label={currency ? `${t('amountField')} (${currency})` : t('amountField')}
          inputMode="decimal"
          autoComplete="off"
          {...form.register('amount', { validate: (text) => amountOf(text) !== undefined || t('amountProblem') })}
          problem={form.formState.errors.amount?.message}
        />
        <label className="check">
          <input type="checkbox" {...form.register('repeats')} />
          <span>{t('repeat')}</span>
        </label>
      </ApiForm>
    </Dialog>
  );
}
