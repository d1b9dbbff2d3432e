import './billing.css';
import { useMutation } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { describeError, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { OpenBillingPortal } from '#gateway/client/generated/billing.js';
import { Invoices } from './invoices.tsx';
import { Limits } from './limits.tsx';
import { Plans } from './plans.tsx';
import { billingPage } from './return-to.ts';
import { Subscription } from './subscription.tsx';

const schema = z.object({ checkout: z.catch(z.optional(z.enum(['done', 'cancelled'])), undefined) });

/** What the organization has subscribed to and uses, what it could have, and what it paid. */
export function Screen() {
  const t = useTranslations('billing');
  const [{ checkout }] = useSearchOf(schema);
  const portal = useMutation({
    mutationFn: () => run(OpenBillingPortal, { returnUrl: billingPage() }),
    onSuccess: ({ openBillingPortal }) => window.location.assign(openBillingPortal.url),
    onError: (error) => notify({ title: t('portalFailed'), text: describeError(error).message, kind: 'failed' }),
  });
  const toPortal = (
    <Button
      icon={<ExternalLink aria-hidden size={16} />}
      isBusy={portal.isPending || portal.isSuccess}
      onClick={() => portal.mutate()}
    >
      {t('portal')}
    </Button>
  );
  return (
    <Page title={t('title')} text={t('text')} actions={toPortal}>
      {checkout && (
        <p className="note" role="status">
          {t(`checkout.${checkout}`)}
        </p>
      )}
      <div className="billing">
        <Subscription isAwaited={checkout === 'done'} />
        <Limits />
      </div>
      <Plans />
      <Invoices />
    </Page>
  );
}
