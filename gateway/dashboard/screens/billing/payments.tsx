import { Receipt } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { ListPayments } from '#gateway/client/generated/billing.js';

const badges = { SUCCEEDED: 'badge-good', PENDING: 'badge-warning', FAILED: 'badge-bad' } as const;
const PAGE_SIZE = 20;

/** The payments, failed ones included, with what was refunded and each receipt. */
export function Payments() {
  const t = useTranslations('billing');
  const { money, time } = useFigures();
  const list = usePages(ListPayments, { first: PAGE_SIZE }, ({ organization }) => organization?.payments);
  return (
    <Panel title={t('payments')}>
      <Loaded query={list.query} lines={3}>
        {({ organization }) =>
          organization?.payments &&
          (list.items.length === 0 ? (
            <Empty title={t('noPaymentsTitle')} text={t('noInvoicesText')} />
          ) : (
            <>
              <Table
                label={t('payments')}
                rows={list.items}
                keyOf={({ id }) => id}
                columns={[
                  { key: 'created', label: t('created'), isName: true, cell: ({ createdAt }) => time(createdAt) },
                  {
                    key: 'status',
                    label: t('state'),
                    cell: ({ status, failureCode, dispute }) => (
                      <>
                        <span className={`badge ${badges[status]}`} title={failureCode ?? undefined}>
                          {t(`payment.${status}`)}
                        </span>{' '}
                        {dispute && <span className="badge badge-warning">{t('disputed')}</span>}
                      </>
                    ),
                  },
                  {
                    key: 'card',
                    label: t('method'),
                    cell: ({ cardBrand, cardLast4 }) =>
                      cardLast4 ? <bdi dir="ltr">{`${cardBrand ?? ''} •••• ${cardLast4}`}</bdi> : '–',
                  },
                  {
                    key: 'refunded',
                    label: t('refunded'),
                    isFigure: true,
                    cell: ({ amountRefunded }) => (Number(amountRefunded.amount) > 0 ? money(amountRefunded) : '–'),
                  },
                  { key: 'amount', label: t('amount'), isFigure: true, cell: ({ amount }) => money(amount) },
                  {
                    key: 'receipt',
                    label: t('receipt'),
                    isFigure: true,
                    cell: ({ receiptUrl, createdAt }) =>
                      receiptUrl && (
                        <a
                          className="button button-quiet"
                          href={receiptUrl}
                          aria-label={t('receiptOf', { time: time(createdAt) })}
                        >
                          <Receipt aria-hidden size={16} />
                        </a>
                      ),
                  },
                ]}
              />
              <LoadMore list={list} />
            </>
          ))
        }
      </Loaded>
    </Panel>
  );
}
