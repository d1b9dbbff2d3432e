import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { CancelHistoryBackfill } from '#gateway/client/generated/connections.js';
import type { Account } from './connection.ts';
import { BackfillDialog, RefreshDialog, RestatedDaysDialog } from './history-dialogs.tsx';

const dialogs = { backfill: BackfillDialog, refresh: RefreshDialog, restated: RestatedDaysDialog };

/** What an administrator can do with the copied days of an account. */
export function HistoryMenu({ account }: { account: Account }) {
  const t = useTranslations('connections.history');
  const tApp = useTranslations('app');
  const mayChange = useHasRole('ADMIN');
  const [opened, setOpened] = useState<keyof typeof dialogs>();
  if (!mayChange || !account.history) return null;
  const { id, name, history } = account;
  const cancel = async () => {
    try {
      await run(CancelHistoryBackfill, { accountId: id });
      notify({ title: t('cancelDone', { name }) });
      await invalidate('Connections');
    } catch (error) {
      notify({ title: t('cancelFailed'), text: describeError(error).message, kind: 'failed' });
    }
  };
  const Opened = opened && dialogs[opened];
  return (
    <>
      <RowMenu
        label={tApp('actions', { name })}
        actions={[
          { label: t('backfill'), onChoose: () => setOpened('backfill') },
          ...(history.status === 'COMPLETE' ? [] : [{ label: t('cancel'), onChoose: () => void cancel() }]),
          { label: t('refresh'), onChoose: () => setOpened('refresh') },
          { label: t('restated'), onChoose: () => setOpened('restated') },
        ]}
      />
      {Opened && <Opened account={account} onClose={() => setOpened(undefined)} />}
    </>
  );
}
