import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { FactList } from '#dashboard/kit/facts.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { GetSubscription } from '#gateway/client/generated/billing.js';
import { SubscriptionActions } from './subscription-actions.tsx';
import { isBought, type SubscriptionValue } from './subscription-value.ts';

const badges = {
  TRIALING: '',
  ACTIVE: 'badge-good',
  PAST_DUE: 'badge-bad',
  INCOMPLETE: 'badge-warning',
  PAUSED: 'badge-warning',
  TRIAL_ENDED: 'badge-bad',
  CANCELED: 'badge-warning',
  FREE: '',
} as const;

/** A payment is confirmed to us seconds after the checkout. */
const AWAITED_REFETCH_MS = 2_000;

function Facts({ subscription }: { subscription: SubscriptionValue }) {
  const t = useTranslations('billing');
  const { time } = useFigures();
  const {
    status,
    interval,
    trialEndsAt,
    periodEnd,
    cancelsAt,
    pendingChange,
    discount,
    isPaused,
    pausedUntil,
    endedAt,
  } = subscription;
  // Of one that is over the last period is still known.
  const isLive = isBought(subscription);
  const facts: [string, string | null | false][] = [
    [t('interval'), isLive && interval && t(`every.${interval}`)],
    [t('trialEnds'), status === 'TRIALING' && time(trialEndsAt)],
    [t('renews'), isLive && periodEnd && !cancelsAt && time(periodEnd)],
    [t('cancels'), cancelsAt && time(cancelsAt)],
    [t('ended'), endedAt && time(endedAt)],
    [t('paused'), isPaused && (pausedUntil ? time(pausedUntil) : t('pauseOpen'))],
    [t('pending'), pendingChange && t('pendingTo', { plan: pendingChange.plan.name, time: time(pendingChange.at) })],
    [t('discount'), discount && (discount.name ?? discount.promotionCode)],
  ];
  return <FactList facts={facts} />;
}

/** The plan the organization has, in which state, and what it must do about it. `isAwaited`: it has just been bought. */
export function Subscription({ isAwaited, isManager }: { isAwaited: boolean; isManager: boolean }) {
  const t = useTranslations('billing');
  const { money } = useFigures();
  const query = useQuery({
    ...ask(GetSubscription, {}),
    refetchInterval: ({ state }) => {
      const subscription = state.data?.data.organization?.subscription;
      return isAwaited && subscription && !isBought(subscription) ? AWAITED_REFETCH_MS : false;
    },
  });
  return (
    <Panel title={t('plan')}>
      <Loaded query={query} lines={9}>
        {({ organization }) => {
          const subscription = organization?.subscription;
          if (!subscription) return null;
          const { plan, status, openInvoice } = subscription;
          return (
            <div className="stack">
              <p className="plan-name">
                {plan.name} <span className={`badge ${badges[status]}`}>{t(`status.${status}`)}</span>
              </p>
              {openInvoice && (
                <div className="note note-bad" role="status">
                  <p>
                    {t(openInvoice.needsConfirmation ? 'confirmPayment' : 'openInvoice', {
                      amount: money(openInvoice.amountRemaining),
                    })}
                  </p>
                  {openInvoice.hostedUrl && (
                    <a className="button button-primary" href={openInvoice.hostedUrl}>
                      {t('pay')}
                    </a>
                  )}
                </div>
              )}
              <Facts subscription={subscription} />
              {isManager && isBought(subscription) && <SubscriptionActions subscription={subscription} />}
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
