import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ask, describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { ChangePlan, PreviewPlanChange } from '#gateway/client/generated/billing.js';
import type { Choice } from './plan-card.tsx';
import { CHANGED } from './subscription-value.ts';

/** Shows what a change of the plan costs and when it takes effect, and makes it at that price. */
export function PlanChange({ choice: { plan, interval }, onClose }: { choice: Choice; onClose: () => void }) {
  const t = useTranslations('billing');
  const tApp = useTranslations('app');
  const { money, time } = useFigures();
  const variables = { planId: plan.id, interval };
  const preview = useQuery({ ...ask(PreviewPlanChange, variables), staleTime: 0, gcTime: 0 });
  const change = useMutation({
    mutationFn: (previewId: string) => run(ChangePlan, { ...variables, previewId }),
    onSuccess: ({ changePlan }) => {
      const { pendingChange, plan: present } = changePlan.subscription;
      // Chosen during the trial, the free plan is that after it, which the API has no date of.
      const after = present.id === plan.id ? t('changed', { plan: plan.name }) : t('afterTrial', { plan: plan.name });
      notify({ title: pendingChange ? t('willChange', { time: time(pendingChange.at) }) : after });
      onClose();
    },
    onSettled: () => invalidate(...CHANGED),
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('changeTo', { plan: plan.name })}>
      <Loaded query={preview} lines={4}>
        {({ previewPlanChange: shown }) =>
          shown && (
            <>
              <ul className="invoice-lines">
                {shown.lines.map(({ description, amount, periodStart }) => (
                  <li key={`${description} ${periodStart}`}>
                    <span>{description}</span>
                    <bdi>{money(amount)}</bdi>
                  </li>
                ))}
                <li className="invoice-sum">
                  <span>{t('dueNow')}</span>
                  <bdi>{money(shown.amountDue)}</bdi>
                </li>
              </ul>
              <p className="faint">
                {t('effective', { time: time(shown.effectiveAt) })}{' '}
                {shown.nextInvoice &&
                  t('nextInvoice', {
                    amount: money(shown.nextInvoice.amountDue),
                    time: time(shown.nextInvoice.at),
                  })}
              </p>
              {change.error && (
                <p className="field-problem" role="alert">
                  {describeError(change.error).message}
                </p>
              )}
              <div className="form-buttons">
                <Button onClick={onClose}>{tApp('cancel')}</Button>
                <Button look="primary" isBusy={change.isPending} onClick={() => change.mutate(shown.previewId)}>
                  {t('change')}
                </Button>
              </div>
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
}
