import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { PauseSubscription } from '#gateway/client/generated/billing.js';
import { CHANGED, type SubscriptionValue } from './subscription-value.ts';

const MONTHS = ['open', '1', '3', '6'] as const;

/** Returns the same time some months later; of a longer month the last day. */
function inMonths(months: number): string {
  const now = new Date();
  const then = new Date(now);
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  then.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return then.toISOString();
}

/** Pauses payments for some months, or until they are resumed. */
export function PauseDialog({ subscription, onClose }: { subscription: SubscriptionValue; onClose: () => void }) {
  const t = useTranslations('billing');
  const { time } = useFigures();
  const [months, setMonths] = useState<(typeof MONTHS)[number]>('open');
  const form = useApiForm({}, async () => {
    await run(PauseSubscription, { until: months === 'open' ? undefined : inMonths(Number(months)) });
    notify({ title: t('pausedNow') });
    onClose();
    await invalidate(...CHANGED);
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('pauseTitle')}
      text={t('pauseText', { time: time(subscription.periodEnd) })}
    >
      <ApiForm form={form} submit={t('pause')} onCancel={onClose}>
        <Select
          label={t('pauseUntil')}
          value={months}
          options={MONTHS.map((value) => ({
            value,
            label: value === 'open' ? t('pauseOpen') : t('pauseMonths', { count: Number(value) }),
          }))}
          onChange={setMonths}
        />
      </ApiForm>
    </Dialog>
  );
}
