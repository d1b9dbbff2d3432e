import { useTranslations } from 'use-intl';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Progress } from '#dashboard/kit/progress.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import type { Account } from './connection.ts';
import { HistoryMenu } from './history-menu.tsx';

function State({ account }: { account: Account }) {
  const t = useTranslations('connections');
  const { status, fault, isReadOnly } = account;
  if (fault)
    return (
      <span className="account-fault">
        <span className="badge badge-warning">{t('fault')}</span>
        <span dir="auto">{fault.message}</span>
      </span>
    );
  if (isReadOnly) return <span className="badge badge-warning">{t('readOnly')}</span>;
  return <span className={`badge ${status === 'ACTIVE' ? 'badge-good' : ''}`}>{t(`account.${status}`)}</span>;
}

function History({ account: { name, history } }: { account: Account }) {
  const t = useTranslations('connections');
  const { day, time } = useFigures();
  if (!history) return <span className="faint">{t('history.none')}</span>;
  const { status, percent, daysDone, daysTotal, from, problem, nextAt, daysToRefresh } = history;
  const text =
    status === 'COMPLETE'
      ? t('history.COMPLETE', { from: day(from) })
      : status === 'FAILING'
        ? t('history.FAILING', { done: daysDone, total: daysTotal, time: time(nextAt) })
        : t('history.COPYING', { done: daysDone, total: daysTotal });
  return (
    <div className="account-history" title={problem ?? undefined}>
      <Progress label={t('history.label', { name })} percent={percent} text={text} />
      {daysToRefresh > 0 && <span className="faint">{t('history.toRefresh', { count: daysToRefresh })}</span>}
    </div>
  );
}

/** The accounts of a connection: their state, and how many of their days are copied. */
export function Accounts({ label, accounts }: { label: string; accounts: Account[] }) {
  const t = useTranslations('connections');
  return (
    <Table
      label={label}
      rows={accounts}
      keyOf={({ id }) => id}
      columns={[
        {
          key: 'name',
          label: t('column.name'),
          isName: true,
          cell: ({ name, externalId }) => (
            <span className="account-name-cell" title={name}>
              <bdi>{name}</bdi>
              <bdi className="faint">{externalId}</bdi>
            </span>
          ),
        },
        { key: 'state', label: t('column.state'), cell: (account) => <State account={account} /> },
        { key: 'history', label: t('column.history'), cell: (account) => <History account={account} /> },
        { key: 'currency', label: t('column.currency'), cell: ({ currency }) => currency ?? '–' },
        { key: 'zone', label: t('column.zone'), cell: ({ timeZone }) => timeZone },
        { key: 'actions', label: '', isFigure: true, cell: (account) => <HistoryMenu account={account} /> },
      ]}
    />
  );
}
