import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { ChangePlan, ResumeSubscription } from '#gateway/client/generated/billing.js';
import { CancelDialog } from './cancel-dialog.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { PromotionDialog } from './promotion-dialog.tsx';
import { CHANGED, type SubscriptionValue } from './subscription-value.ts';

/** What can be done with a subscription that is not over: taken back first what is pending, else paused, once it is paid, or cancelled. */
export function SubscriptionActions({ subscription }: { subscription: SubscriptionValue }) {
  const t = useTranslations('billing');
  const [dialog, open] = useState<'cancel' | 'pause' | 'promotion'>();
  const [isBusy, setBusy] = useState(false);
  const { plan, status, interval, cancelsAt, isPaused, pendingChange } = subscription;
  const close = () => open(undefined);
  const change = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    setBusy(true);
    await attempt(work, { done, failed: t('failed'), refresh: CHANGED });
    setBusy(false);
  };
  const resume = () => change(() => run(ResumeSubscription, {}), t(cancelsAt ? 'kept' : 'resumed'));
  // The present plan and interval take back what is pending.
  const keepPlan = () =>
    change(() => run(ChangePlan, { planId: plan.id, interval }), t('keptPlan', { plan: plan.name }));
  return (
    <div className="row-actions">
      {(cancelsAt || isPaused) && (
        <Button look="primary" isBusy={isBusy} onClick={() => void resume()}>
          {t(cancelsAt ? 'keep' : 'resume')}
        </Button>
      )}
      {!cancelsAt && pendingChange && (
        <Button isBusy={isBusy} onClick={() => void keepPlan()}>
          {t('keepPlan', { plan: plan.name })}
        </Button>
      )}
      <Button onClick={() => open('promotion')}>{t('promotion')}</Button>
      {status === 'ACTIVE' && !cancelsAt && !isPaused && <Button onClick={() => open('pause')}>{t('pause')}</Button>}
      {!cancelsAt && <Button onClick={() => open('cancel')}>{t('cancel')}</Button>}
      {dialog === 'cancel' && <CancelDialog subscription={subscription} onClose={close} />}
      {dialog === 'pause' && <PauseDialog subscription={subscription} onClose={close} />}
      {dialog === 'promotion' && <PromotionDialog onClose={close} />}
    </div>
  );
}
