import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, describeError, invalidate, problemsByArgument, runOnce } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { CreateClient, ListAccounts, UpdateClient } from '#gateway/client/generated/connections.js';
import { type Client, type ClientValues, valuesOf } from './client.ts';
import { ClientConflict } from './client-conflict.tsx';

/**
 * Creates a client, or changes one. When someone else has changed it since it was read, nothing is overwritten unseen: both versions
 * are shown, and one is chosen.
 */
export function ClientEditor({ client, onClose }: { client?: Client; onClose: () => void }) {
  const t = useTranslations('clients');
  const tApp = useTranslations('app');
  const accounts = useQuery(ask(ListAccounts, {}));
  const [values, setValues] = useState(() => valuesOf(client));
  const [version, setVersion] = useState(client?.version ?? 0);
  const create = useMemo(() => runOnce(CreateClient), []);
  const update = useMemo(() => runOnce(UpdateClient), []);
  const save = useMutation({
    mutationFn: async (given: ClientValues & { version: number }) => {
      const { version, ...rest } = given;
      if (client) await update({ clientId: client.id, version, ...rest });
      else await create(rest);
    },
    onSuccess: (_, { name }) => {
      notify({ title: t(client ? 'saved' : 'created', { name }) });
      onClose();
      return invalidate('ListClients', 'ListAccounts');
    },
  });
  const problems = problemsByArgument(save.error);
  const isConflict = save.error !== null && describeError(save.error).code === 'CONFLICT';
  const isElsewhere = save.error !== null && !problems.name && !isConflict;
  return (
    <Dialog isOpen onClose={onClose} title={client ? t('editTitle') : t('createTitle')}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate({ ...values, version });
        }}
      >
        <Field
          label={t('name')}
          value={values.name}
          maxLength={200}
          problem={problems.name}
          onChange={({ target }) => setValues({ ...values, name: target.value })}
        />
        <Loaded query={accounts} lines={4}>
          {({ organization }) => (
            <CheckList
              label={t('accounts')}
              empty={t('nothingConnected')}
              options={(organization?.accounts ?? []).map(({ id, name, provider, externalId }) => ({
                value: id,
                label: name,
                hint: `${provider.name} · ${externalId}`,
              }))}
              chosen={values.accountIds}
              onChange={(accountIds) => setValues({ ...values, accountIds })}
            />
          )}
        </Loaded>
        {isConflict && (
          <ClientConflict
            clientId={client?.id}
            version={version}
            message={describeError(save.error).message}
            onTakeTheirs={(theirs) => {
              setValues(valuesOf(theirs));
              setVersion(theirs.version);
              save.reset();
            }}
            onKeepMine={(theirs) => {
              setVersion(theirs.version);
              save.mutate({ ...values, version: theirs.version });
            }}
          />
        )}
        {isElsewhere && (
          <p className="field-problem" role="alert">
            {describeError(save.error).message}
          </p>
        )}
        <div className="form-buttons">
          <Button onClick={onClose}>{tApp('cancel')}</Button>
          <Button type="submit" look="primary" isBusy={save.isPending}>
            {client ? tApp('save') : t('create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
