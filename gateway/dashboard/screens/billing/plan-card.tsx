import { useMutation } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { BillingPlansQuery } from '#dashboard/graph/generated/graphql.ts';
import { runOnce } from '#dashboard/graph/query.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { StartCheckout } from '#gateway/client/generated/billing.js';
import type { BillingInterval } from '#gateway/client/generated/types.js';
import { billingPage } from './return-to.ts';
import { isBought, type SubscriptionValue } from './subscription-value.ts';

type Plan = BillingPlansQuery['plans'][number];

/** A plan to change to. */
export interface Choice {
  plan: Pick<Plan, 'id' | 'name'>;
  /** Absent for the plan that costs nothing. */
  interval?: BillingInterval;
}

export interface PlanCardProps {
  plan: Plan;
  interval: BillingInterval;
  currency: string;
  current?: SubscriptionValue;
  /** Absent = it cannot be chosen. */
  onChange?: (choice: Choice) => void;
}

const SHOWN_LIMITS = ['CONNECTIONS', 'ACCOUNTS', 'MEMBERS', 'CLIENTS', 'REPORTS_PER_MONTH', 'SCHEDULES'];

/** A plan with its price and what it includes, and the way to it. */
export function PlanCard({ plan, interval, currency, current, onChange }: PlanCardProps) {
  const t = useTranslations('billing');
  const { money, count } = useFigures();
  const start = useMemo(() => runOnce(StartCheckout), []);
  const checkout = useMutation({
    mutationFn: () =>
      start({
        planId: plan.id,
        interval,
        currency,
        successUrl: billingPage('done'),
        cancelUrl: billingPage('cancelled'),
      }),
    onSuccess: ({ startCheckout }) => window.location.assign(startCheckout.url),
    onError: (error) => notifyFailure(error, t('checkoutFailed')),
  });
  const isFree = plan.prices.length === 0;
  const price = plan.prices.find((each) => each.interval === interval && each.price.currency === currency)?.price;
  const isChanged = current !== undefined && isBought(current);
  const isCurrent =
    current?.plan.id === plan.id &&
    (isFree ? current.status === 'FREE' || current.status === 'CANCELED' : isChanged && current.interval === interval);
  const isAvailable = isFree || price !== undefined;
  const choose = () =>
    isChanged || isFree ? onChange?.({ plan, interval: isFree ? undefined : interval }) : checkout.mutate();
  return (
    <li className={isCurrent ? 'plan plan-current' : 'plan'}>
      <h3>{plan.name}</h3>
      <p className="plan-price">
        <bdi>{money(isFree ? { amount: '0', currency } : price, true)}</bdi>
        {!isFree && <span className="faint">{t(`per.${interval}`)}</span>}
      </p>
      <p className="faint">{plan.description}</p>
      <ul className="plan-limits">
        {plan.limits
          .filter(({ name }) => SHOWN_LIMITS.includes(name))
          .map(({ name, limit }) => (
            <li key={name}>
              <Check aria-hidden size={16} />
              {t('included', { what: t(`limit.${name}`), count: limit === null ? t('noLimit') : count(limit) })}
            </li>
          ))}
      </ul>
      {isCurrent ? (
        <p className="badge badge-good">{t('current')}</p>
      ) : (
        onChange && (
          <Button
            look={isFree ? 'plain' : 'primary'}
            aria-label={t('chooseNamed', { plan: plan.name })}
            aria-disabled={!isAvailable || !current}
            isBusy={checkout.isPending || checkout.isSuccess}
            onClick={() => isAvailable && current && choose()}
          >
            {t('choose')}
          </Button>
        )
      )}
    </li>
  );
}
