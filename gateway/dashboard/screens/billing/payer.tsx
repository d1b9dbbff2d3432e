import { useMutation, useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ask, run } from '#dashboard/graph/query.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { FactList } from '#dashboard/kit/facts.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { GetBillingDetails, ListPaymentMethods, OpenBillingPortal } from '#gateway/client/generated/billing.js';
import { billingPage } from './return-to.ts';

const expiry = (month: number | null, year: number | null) =>
  month && year ? `${String(month).padStart(2, '0')}/${year}` : '';

function Methods() {
  const t = useTranslations('billing');
  const query = useQuery(ask(ListPaymentMethods, {}));
  return (
    <Loaded query={query} lines={1}>
      {({ organization }) => (
        <ul className="methods">
          {organization?.paymentMethods?.map(({ id, type, brand, last4, expiryMonth, expiryYear, isDefault }) => (
            <li key={id}>
              <bdi dir="ltr">{`${brand ?? type} ${last4 ? `•••• ${last4}` : ''} ${expiry(expiryMonth, expiryYear)}`}</bdi>
              {isDefault && <span className="badge">{t('default')}</span>}
            </li>
          ))}
          {organization?.paymentMethods?.length === 0 && <li className="faint">{t('noMethods')}</li>}
        </ul>
      )}
    </Loaded>
  );
}

/** By what invoices are paid and to whom they are addressed; both are changed at the payment provider. For those who manage the subscription. */
export function Payer() {
  const t = useTranslations('billing');
  const details = useQuery(ask(GetBillingDetails, {}));
  const portal = useMutation({
    mutationFn: () => run(OpenBillingPortal, { returnUrl: billingPage() }),
    onSuccess: ({ openBillingPortal }) => window.location.assign(openBillingPortal.url),
    onError: (error) => notifyFailure(error, t('portalFailed')),
  });
  const change = (
    <Button
      icon={<ExternalLink aria-hidden size={16} />}
      isBusy={portal.isPending || portal.isSuccess}
      aria-label={t('portalOf')}
      onClick={() => portal.mutate()}
    >
      {t('portal')}
    </Button>
  );
  return (
    <Panel title={t('payer')} actions={change}>
      <div className="stack">
        <Methods />
        <Loaded query={details} lines={3}>
          {({ organization }) => {
            const known = organization?.billingDetails;
            if (!known) return <p className="faint">{t('noDetails')}</p>;
            const { name, email, lines, postalCode, city, country, taxIds } = known;
            const address = [...lines, [postalCode, city].filter(Boolean).join(' '), country].filter(Boolean);
            return (
              <FactList
                facts={[
                  [t('payerName'), name],
                  [t('payerMail'), email],
                  [t('payerAddress'), address.join(', ')],
                  [t('payerTax'), taxIds.map(({ value }) => value).join(', ')],
                ]}
              />
            );
          }}
        </Loaded>
      </div>
    </Panel>
  );
}
