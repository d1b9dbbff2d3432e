import { FileText } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { ListInvoices } from '#gateway/client/generated/billing.js';

const badges = { DRAFT: '', OPEN: 'badge-warning', PAID: 'badge-good', UNCOLLECTIBLE: 'badge-bad', VOID: '' } as const;
const PAGE_SIZE = 20;

/** The invoices, the newest first, each with its page and its file. */
export function Invoices() {
  const t = useTranslations('billing');
  const { money, time } = useFigures();
  const list = usePages(ListInvoices, { first: PAGE_SIZE }, ({ organization }) => organization?.invoices);
  return (
    <Panel title={t('invoices')}>
      <Loaded query={list.query} lines={4}>
        {({ organization }) =>
          organization?.invoices &&
          (list.items.length === 0 ? (
            <Empty title={t('noInvoicesTitle')} text={t('noInvoicesText')} />
          ) : (
            <>
              <Table
                label={t('invoices')}
                rows={list.items}
                keyOf={({ id }) => id}
                columns={[
                  {
                    key: 'number',
                    label: t('number'),
                    isName: true,
                    cell: ({ number, hostedUrl }) =>
                      hostedUrl ? <a href={hostedUrl}>{number ?? t('draft')}</a> : (number ?? t('draft')),
                  },
                  {
                    key: 'status',
                    label: t('state'),
                    cell: ({ status }) => <span className={`badge ${badges[status]}`}>{t(`invoice.${status}`)}</span>,
                  },
                  { key: 'created', label: t('created'), cell: ({ createdAt }) => time(createdAt) },
                  { key: 'tax', label: t('tax'), isFigure: true, cell: ({ tax }) => money(tax) },
                  { key: 'total', label: t('total'), isFigure: true, cell: ({ total }) => money(total) },
                  {
                    key: 'file',
                    label: t('file'),
                    isFigure: true,
                    cell: ({ pdfUrl, number }) =>
                      pdfUrl && (
                        <a
                          className="button button-quiet"
                          href={pdfUrl}
                          aria-label={t('pdfOf', { number: number ?? '' })}
                        >
                          <FileText aria-hidden size={16} /> PDF
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
