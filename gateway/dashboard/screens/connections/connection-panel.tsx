import { useMutation } from '@tanstack/react-query';
import { RefreshCw, Unplug } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { CheckConnection, Disconnect } from '#gateway/client/generated/connections.js';
import { Accounts } from './accounts.tsx';
import type { Connection } from './connection.ts';
import { Diagnosis } from './diagnosis.tsx';

const badges = { ACTIVE: 'good', FAILING: 'warning', RECONNECT_REQUIRED: 'bad', DISCONNECTED: 'bad' } as const;

function Actions({ connection }: { connection: Connection }) {
  const t = useTranslations('connections');
  const { id, provider } = connection;
  const [isAsking, setAsking] = useState(false);
  const mayCheck = useHasRole('ANALYST');
  const mayDisconnect = useHasRole('ADMIN');
  const check = useMutation({
    mutationFn: () => run(CheckConnection, { connectionId: id }),
    onSuccess: ({ checkConnection }) => {
      const { reason } = checkConnection.connection;
      notify({
        title: reason === null ? t('works', { provider: provider.name }) : t('stillFails', { provider: provider.name }),
        text: reason ?? undefined,
        kind: reason === null ? 'done' : 'failed',
      });
      return invalidate('Connections');
    },
    onError: (error) => notifyFailure(error, t('checkFailed')),
  });
  const disconnect = async () => {
    await run(Disconnect, { connectionId: id });
    notify({ title: t('disconnected', { provider: provider.name }) });
    await invalidate('Connections', 'ListClients', 'ListAccounts');
  };
  return (
    <div className="row-actions">
      {mayCheck && (
        <Button icon={<RefreshCw aria-hidden size={16} />} isBusy={check.isPending} onClick={() => check.mutate()}>
          {t('check')}
        </Button>
      )}
      {mayDisconnect && (
        <Button look="quiet" icon={<Unplug aria-hidden size={16} />} onClick={() => setAsking(true)}>
          {t('disconnect')}
        </Button>
      )}
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('disconnectTitle', { provider: provider.name })}
        text={t('disconnectText', { count: connection.accounts.length })}
        action={t('disconnect')}
        onConfirm={disconnect}
      />
    </div>
  );
}

/** A connection with its state and its accounts. */
export function ConnectionPanel({ connection }: { connection: Connection }) {
  const t = useTranslations('connections');
  const { time } = useFigures();
  const { provider, status, grantedBy, lastSyncAt, accounts, isReadOnly } = connection;
  // There may be several at a provider, by the same person.
  const name = [provider.name, grantedBy, accounts[0]?.externalId].filter(Boolean).join(', ');
  return (
    <Panel
      title={provider.name}
      name={name}
      text={
        <>
          <span className={`badge badge-${badges[status]}`}>{t(`status.${status}`)}</span>{' '}
          {isReadOnly && <span className="badge badge-warning">{t('readOnly')}</span>}{' '}
          <bdi>{t('granted', { name: grantedBy })}</bdi>
          {lastSyncAt && ` · ${t('synced', { time: time(lastSyncAt) })}`}
        </>
      }
      actions={<Actions connection={connection} />}
    >
      <Diagnosis connection={connection} />
      {accounts.length > 0 ? (
        <Accounts label={t('accountsOf', { provider: name })} accounts={accounts} />
      ) : (
        <p className="calm">{t('noAccounts')}</p>
      )}
    </Panel>
  );
}
