import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Secret } from '#dashboard/kit/secret.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import {
  DeleteWebhookEndpoint,
  DisableWebhookEndpoint,
  EnableWebhookEndpoint,
  RotateWebhookSecret,
  SendTestWebhook,
} from '#gateway/client/generated/webhooks.js';
import type { Endpoint } from './endpoint.ts';
import { EndpointDialog } from './endpoint-dialog.tsx';

export interface EndpointsProps {
  endpoints: readonly Endpoint[];
  /** Whose deliveries are shown. */
  shownId: string | undefined;
  onShow: (id: string) => void;
}

function State({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('webhooks');
  if (!endpoint.isEnabled)
    return (
      <span className="badge badge-bad" title={endpoint.disabledReason ?? undefined}>
        {t('off')}
      </span>
    );
  if (endpoint.failingSince) return <span className="badge badge-warning">{t('failing')}</span>;
  return <span className="badge badge-good">{t('on')}</span>;
}

/** The endpoints, and what can be done with each. */
export function Endpoints({ endpoints, shownId, onShow }: EndpointsProps) {
  const t = useTranslations('webhooks');
  const tApp = useTranslations('app');
  const [deleted, setDeleted] = useState<Endpoint>();
  const [edited, setEdited] = useState<Endpoint>();
  const [secret, setSecret] = useState<string>();
  const act = (work: () => Promise<unknown>, done: string) =>
    attempt(work, { done, refresh: ['ListWebhookEndpoints', 'ListWebhookDeliveries'] });
  const actionsFor = ({ id, isEnabled }: Endpoint) => {
    const given = { endpointId: id };
    const rotate = async () => setSecret((await run(RotateWebhookSecret, given)).rotateWebhookSecret?.secret);
    return [
      { label: t('test'), onChoose: () => void act(() => run(SendTestWebhook, given), t('testSent')) },
      { label: t('rotate'), onChoose: () => void act(rotate, t('rotated')) },
      isEnabled
        ? { label: t('disable'), onChoose: () => void act(() => run(DisableWebhookEndpoint, given), t('off')) }
        : { label: t('enable'), onChoose: () => void act(() => run(EnableWebhookEndpoint, given), t('on')) },
    ];
  };
  const remove = async () => {
    if (deleted) await run(DeleteWebhookEndpoint, { endpointId: deleted.id });
    await invalidate('ListWebhookEndpoints');
  };
  return (
    <Panel title={t('endpoints')}>
      <Table
        label={t('endpoints')}
        rows={endpoints}
        keyOf={({ id }) => id}
        columns={[
          {
            key: 'url',
            label: t('url'),
            isName: true,
            cell: ({ id, url, description }) => (
              <span className="person">
                <button
                  type="button"
                  className="link"
                  aria-current={id === shownId ? 'true' : undefined}
                  onClick={() => onShow(id)}
                >
                  <bdi dir="ltr">{url}</bdi>
                </button>
                {description && <bdi className="faint">{description}</bdi>}
              </span>
            ),
          },
          { key: 'state', label: t('state'), cell: (endpoint) => <State endpoint={endpoint} /> },
          {
            key: 'events',
            label: t('events'),
            cell: ({ eventTypes }) => (
              <span className="wrapping">{eventTypes.includes('*') ? t('allEvents') : eventTypes.join(', ')}</span>
            ),
          },
          {
            key: 'actions',
            label: '',
            isFigure: true,
            cell: (endpoint) => (
              <RowMenu
                label={tApp('actions', { name: endpoint.url })}
                actions={[
                  { label: t('edit'), onChoose: () => setEdited(endpoint) },
                  ...actionsFor(endpoint),
                  { label: t('delete'), isDanger: true, onChoose: () => setDeleted(endpoint) },
                ]}
              />
            ),
          },
        ]}
      />
      {edited && <EndpointDialog endpoint={edited} onClose={() => setEdited(undefined)} />}
      <Confirm
        isOpen={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title={t('deleteTitle')}
        text={t('deleteText', { url: deleted?.url ?? '' })}
        action={t('delete')}
        onConfirm={remove}
      />
      <Dialog isOpen={secret !== undefined} onClose={() => setSecret(undefined)} title={t('rotated')}>
        <Secret label={t('secret')} value={secret ?? ''} />
      </Dialog>
    </Panel>
  );
}
