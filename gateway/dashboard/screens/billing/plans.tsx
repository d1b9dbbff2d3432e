import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { BillingPlansDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { GetSubscription } from '#gateway/client/generated/billing.js';
import { type Choice, PlanCard } from './plan-card.tsx';
import { PlanChange } from './plan-change.tsx';

const schema = z.object({
  interval: z.catch(z.enum(['month', 'year']), 'month'),
  pay: z.catch(z.enum(['EUR', 'USD', 'GBP']), 'EUR'),
});

/** The plans there are, in one currency and interval: bought by a checkout, changed after a look at what that costs; by those who manage the subscription. */
export function Plans({ isManager }: { isManager: boolean }) {
  const t = useTranslations('billing');
  const [{ interval, pay }, change] = useSearchOf(schema);
  const [choice, setChoice] = useState<Choice>();
  const plans = useQuery(ask(BillingPlansDocument, {}));
  const current = useQuery(ask(GetSubscription, {})).data?.data.organization?.subscription;
  const currency = current?.currency ?? pay;
  const actions = (
    <div className="row-actions">
      <Select
        label={t('interval')}
        isLabelHidden
        value={interval}
        options={[
          { value: 'month', label: t('every.MONTH') },
          { value: 'year', label: t('every.YEAR') },
        ]}
        onChange={(next) => void change({ interval: next })}
      />
      {!current?.currency && (
        <Select
          label={t('currency')}
          isLabelHidden
          value={pay}
          options={(['EUR', 'USD', 'GBP'] as const).map((value) => ({ value, label: value }))}
          onChange={(next) => void change({ pay: next })}
        />
      )}
    </div>
  );
  return (
    <Panel title={t('plans')} actions={actions}>
      <Loaded query={plans} lines={18}>
        {(data) => (
          <ul className="plans">
            {data.plans.map((plan) => (
              <PlanCard
                key={plan.id}
                plan={plan}
                interval={interval === 'year' ? 'YEAR' : 'MONTH'}
                currency={currency}
                current={current ?? undefined}
                onChange={isManager ? setChoice : undefined}
              />
            ))}
          </ul>
        )}
      </Loaded>
      {choice && <PlanChange choice={choice} onClose={() => setChoice(undefined)} />}
    </Panel>
  );
}
