import { RotateCw } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { ListWebhookDeliveries, ReplayWebhookDelivery } from '#gateway/client/generated/webhooks.js';
import type { Endpoint } from './endpoints.tsx';

const LOOKS: Record<string, string> = { DELIVERED: 'badge-good', FAILED: 'badge-bad', PENDING: 'badge-warning' };

/** What was sent to an endpoint, the latest first; any of it can be sent again. */
export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('webhooks');
  const { time, count } = useFigures();
  const list = usePages(
    ListWebhookDeliveries,
    { id: endpoint.id, first: 50 },
    ({ webhookEndpoint }) => webhookEndpoint?.deliveries,
  );
  const replay = (deliveryId: string) =>
    run(ReplayWebhookDelivery, { deliveryId }).then(
      async () => {
        notify({ title: t('replayed') });
        await invalidate('ListWebhookDeliveries');
      },
      (error: unknown) => notify({ title: describeError(error).message, kind: 'failed' }),
    );
  return (
    <Panel title={t('deliveries')} text={<bdi dir="ltr">{endpoint.url}</bdi>}>
      <Loaded query={list.query} lines={5}>
        {() =>
          list.items.length === 0 ? (
            <p className="faint">{t('noDeliveries')}</p>
          ) : (
            <Table
              label={t('deliveries')}
              rows={list.items}
              keyOf={({ id }) => id}
              columns={[
                { key: 'event', label: t('event'), isName: true, cell: ({ eventType }) => eventType },
                {
                  key: 'state',
                  label: t('state'),
                  cell: ({ state }) => <span className={`badge ${LOOKS[state] ?? ''}`}>{t(`states.${state}`)}</span>,
                },
                { key: 'when', label: t('when'), cell: ({ occurredAt }) => time(occurredAt) },
                { key: 'tries', label: t('tries'), isFigure: true, cell: ({ attemptCount }) => count(attemptCount) },
                { key: 'next', label: t('next'), cell: ({ nextAttemptAt }) => time(nextAttemptAt) },
                {
                  key: 'replay',
                  label: '',
                  isFigure: true,
                  cell: ({ id }) => (
                    <Button look="quiet" icon={<RotateCw aria-hidden size={16} />} onClick={() => void replay(id)}>
                      {t('replay')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <LoadMore list={list} />
    </Panel>
  );
}
