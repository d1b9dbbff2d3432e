import { RotateCw, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import {
  CancelWebhookDelivery,
  ListWebhookDeliveries,
  ReplayFailedWebhooks,
  ReplayWebhookDelivery,
} from '#gateway/client/generated/webhooks.js';
import type { Endpoint } from './endpoint.ts';

/** Deliveries are kept so long. */
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

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
  const act = (work: () => Promise<unknown>, done: string) =>
    attempt(work, { done, refresh: ['ListWebhookDeliveries'] });
  const replayFailed = async () => {
    const since = new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString();
    // A thousand at a time.
    for (let hasMore = true; hasMore; ) {
      const { replayFailedWebhooks } = await run(ReplayFailedWebhooks, { endpointId: endpoint.id, since });
      hasMore = replayFailedWebhooks?.hasMore ?? false;
    }
  };
  const hasFailed = list.items.some(({ state }) => state === 'FAILED' || state === 'SKIPPED');
  return (
    <Panel
      title={t('deliveries')}
      text={<bdi dir="ltr">{endpoint.url}</bdi>}
      actions={
        hasFailed &&
        endpoint.isEnabled && (
          <Button icon={<RotateCw aria-hidden size={16} />} onClick={() => void act(replayFailed, t('replayed'))}>
            {t('replayFailed')}
          </Button>
        )
      }
    >
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
                  cell: ({ id, state }) =>
                    state === 'PENDING' ? (
                      <Button
                        look="quiet"
                        icon={<X aria-hidden size={16} />}
                        onClick={() => void act(() => run(CancelWebhookDelivery, { deliveryId: id }), t('skipped'))}
                      >
                        {t('skip')}
                      </Button>
                    ) : (
                      <Button
                        look="quiet"
                        icon={<RotateCw aria-hidden size={16} />}
                        onClick={() => void act(() => run(ReplayWebhookDelivery, { deliveryId: id }), t('replayed'))}
                      >
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
