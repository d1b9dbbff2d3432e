import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { SetBudget } from '#gateway/client/generated/budgets.js';
import { type Budget, nameOf, type Target, targetOf } from './target.ts';
import { TargetFields, useTargetChoice } from './target-fields.tsx';

export interface BudgetDialogProps {
  /** What is to be changed; absent = a new one. */
  budget?: Budget;
  /** What a new one is for; absent = that is chosen. */
  fixed?: { name: string; currency: string; target: Target };
  /** The first day of the month. */
  month: string;
  onClose: () => void;
}

interface Values {
  target: string;
  amount: string;
  repeats: boolean;
}

/** Returns an amount as the API takes it; undefined when it is none. A comma is a decimal point, too. */
function amountOf(text: string): string | undefined {
  const amount = text.trim().replace(',', '.');
  return /^\d{1,12}(\.\d{1,6})?$/.test(amount) ? amount : undefined;
}

/** Sets how much may be spent on a client, an account or campaigns, or changes it. */
export function BudgetDialog({ budget, fixed, month, onClose }: BudgetDialogProps) {
  const t = useTranslations('budgets');
  const tApp = useTranslations('app');
  const { month: inWords } = useFigures();
  const choice = useTargetChoice();
  const currency = budget?.currency ?? fixed?.currency ?? choice.currency;
  const target = budget ? targetOf(budget) : (fixed?.target ?? choice.target);
  const form = useApiForm<Values>(
    { target: '', amount: budget?.amount.amount ?? '', repeats: budget?.repeats ?? true },
    async ({ amount: text, repeats }) => {
      const amount = amountOf(text);
      if (!amount || !target || !currency) return;
      await run(SetBudget, { ...target, month, repeats, amount: { amount, currency } });
      notify({ title: t('created') });
      onClose();
      await invalidate('BudgetRows');
    },
  );
  form.register('target', { validate: () => target !== undefined || t('targetNone') });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={
        budget ? t('editOf', { name: nameOf(budget) }) : fixed ? t('createFor', { name: fixed.name }) : t('create')
      }
      text={inWords(month)}
    >
      <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
        {!budget && !fixed && <TargetFields choice={choice} problem={form.formState.errors.target?.message} />}
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
