import './billing.css';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { useManagesBilling } from '#dashboard/graph/me.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { CheckoutNote } from './checkout-note.tsx';
import { Invoices } from './invoices.tsx';
import { Limits } from './limits.tsx';
import { Payer } from './payer.tsx';
import { Payments } from './payments.tsx';
import { Plans } from './plans.tsx';
import { Subscription } from './subscription.tsx';
import { Usage } from './usage.tsx';

const schema = z.object({ checkout: z.catch(z.optional(z.enum(['done', 'cancelled'])), undefined) });

/** What the organization has subscribed to and uses, what it could have, and what it paid. Who may not change it sees why. */
export function Screen() {
  const t = useTranslations('billing');
  const [{ checkout }, change] = useSearchOf(schema);
  const isManager = useManagesBilling();
  return (
    <Page title={t('title')} text={t('text')}>
      {checkout && (
        <CheckoutNote outcome={checkout} onDismiss={() => void change({ checkout: undefined }, { replace: true })} />
      )}
      {isManager === false && <p className="note">{t('notManager')}</p>}
      <div className="billing">
        <Subscription isAwaited={checkout === 'done'} isManager={isManager === true} />
        <Limits isManager={isManager === true} />
      </div>
      <Plans isManager={isManager === true} />
      {isManager && <Payer />}
      <Invoices />
      <Payments />
      <Usage />
    </Page>
  );
}
