import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CancelSubscription } from '#gateway/client/generated/billing.js';
import { CHANGED, type SubscriptionValue } from './subscription-value.ts';

export interface CancelDialogProps {
  subscription: SubscriptionValue;
  onClose: () => void;
}

/** Cancels the subscription, after saying what that means: at the end of what is paid, or at once. */
export function CancelDialog({ subscription: { plan, periodEnd }, onClose }: CancelDialogProps) {
  const t = useTranslations('billing');
  const { time } = useFigures();
  const [when, setWhen] = useState<'end' | 'now'>('end');
  const form = useApiForm({}, async () => {
    await run(CancelSubscription, { atPeriodEnd: when === 'end' });
    notify({ title: when === 'end' ? t('cancelledAt', { time: time(periodEnd) }) : t('cancelledNow') });
    onClose();
    await invalidate(...CHANGED);
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('cancelTitle', { plan: plan.name })} text={t('cancelText')}>
      <ApiForm form={form} submit={t('cancelTitle', { plan: plan.name })} look="danger">
        <Select
          label={t('cancelWhen')}
          value={when}
          options={[
            { value: 'end', label: t('cancelAtEnd', { time: time(periodEnd) }) },
            { value: 'now', label: t('cancelNow') },
          ]}
          onChange={setWhen}
        />
      </ApiForm>
    </Dialog>
  );
}
