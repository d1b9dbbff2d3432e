import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
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
  const cancel = () =>
    attempt(() => run(CancelHistoryBackfill, { accountId: id }), {
      done: t('cancelDone', { name }),
      failed: t('cancelFailed'),
      refresh: ['Connections'],
    });
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
