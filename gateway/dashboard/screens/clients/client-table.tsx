import { useMutation } from '@tanstack/react-query';
import { Archive, ArchiveRestore, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { ArchiveClient, DeleteClient, RestoreClient } from '#gateway/client/generated/connections.js';
import type { Client } from './client.ts';

const NAMED_ACCOUNTS = 3;

function useActions() {
  const t = useTranslations('clients');
  const tApp = useTranslations('app');
  const onError = (error: Error) => notifyFailure(error, t('failed'));
  const restore = useMutation({
    mutationFn: ({ id }: Client) => run(RestoreClient, { clientId: id }),
    onSuccess: (_, { name }) => {
      notify({ title: t('restored', { name }) });
      return invalidate('ListClients');
    },
    onError,
  });
  const archive = useMutation({
    mutationFn: ({ id }: Client) => run(ArchiveClient, { clientId: id }),
    onSuccess: (_, client) => {
      notify({
        title: t('archived', { name: client.name }),
        undo: { label: tApp('undo'), onUndo: () => restore.mutate(client) },
      });
      return invalidate('ListClients');
    },
    onError,
  });
  const remove = async ({ id, name }: Client) => {
    await run(DeleteClient, { clientId: id });
    notify({ title: t('deleted', { name }) });
    await invalidate('ListClients');
  };
  return { archive, restore, remove };
}

function AccountNames({ accounts }: Pick<Client, 'accounts'>) {
  const t = useTranslations('clients');
  if (accounts.length === 0) return <span className="faint">{t('noAccounts')}</span>;
  const named = accounts.slice(0, NAMED_ACCOUNTS);
  return (
    <span className="account-names">
      {named.map(({ id, name }) => (
        <bdi key={id} className="badge">
          {name}
        </bdi>
      ))}
      {accounts.length > named.length && (
        <span className="faint">{t('moreAccounts', { count: accounts.length - named.length })}</span>
      )}
    </span>
  );
}

/** Clients with their accounts. Without `onEdit` they are only read. */
export function ClientTable({ clients, onEdit }: { clients: Client[]; onEdit?: (client: Client) => void }) {
  const t = useTranslations('clients');
  const { time } = useFigures();
  const [doomed, setDoomed] = useState<Client>();
  const { archive, restore, remove } = useActions();
  const actions = (client: Client) => (
    <span className="row-actions">
      {!client.archivedAt && !client.isReadOnly && (
        <Button
          look="quiet"
          icon={<Pencil aria-hidden size={16} />}
          aria-label={t('edit', { name: client.name })}
          onClick={() => onEdit?.(client)}
        />
      )}
      {client.archivedAt ? (
        <Button
          look="quiet"
          icon={<ArchiveRestore aria-hidden size={16} />}
          aria-label={t('restore', { name: client.name })}
          isBusy={restore.isPending && restore.variables.id === client.id}
          onClick={() => restore.mutate(client)}
        />
      ) : (
        <Button
          look="quiet"
          icon={<Archive aria-hidden size={16} />}
          aria-label={t('archive', { name: client.name })}
          isBusy={archive.isPending && archive.variables.id === client.id}
          onClick={() => archive.mutate(client)}
        />
      )}
      <Button
        look="quiet"
        icon={<Trash2 aria-hidden size={16} />}
        aria-label={t('delete', { name: client.name })}
        onClick={() => setDoomed(client)}
      />
    </span>
  );
  return (
    <>
      <Table
        label={t('list')}
        rows={clients}
        keyOf={({ id }) => id}
        columns={[
          {
            key: 'name',
            label: t('name'),
            isName: true,
            cell: ({ name, archivedAt, isReadOnly }) => (
              <>
                <bdi>{name}</bdi> {archivedAt && <span className="badge">{t('isArchived')}</span>}
                {isReadOnly && <span className="badge badge-warning">{t('readOnly')}</span>}
              </>
            ),
          },
          { key: 'accounts', label: t('accounts'), cell: ({ accounts }) => <AccountNames accounts={accounts} /> },
          { key: 'changed', label: t('changed'), cell: ({ updatedAt }) => time(updatedAt) },
          ...(onEdit ? [{ key: 'actions', label: t('actions'), isFigure: true, cell: actions }] : []),
        ]}
      />
      <Confirm
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={t('deleteTitle', { name: doomed?.name ?? '' })}
        text={t('deleteText')}
        action={t('deleteAction')}
        onConfirm={async () => doomed && remove(doomed)}
      />
    </>
  );
}
