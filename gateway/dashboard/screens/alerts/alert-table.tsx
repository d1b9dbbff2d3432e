import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import type { ListAlertsQuery } from '#gateway/client/generated/types.js';
import { useAlertActions } from './use-alert-actions.ts';

type Alerts = NonNullable<NonNullable<ListAlertsQuery['organization']>['alerts']>;
export type Alert = Alerts['edges'][number]['node'];

const MUTED_DAYS = [7, 30] as const;

/** What an alert is about, as a link to where it can be looked into. */
function Target({ alert: { target, campaignId, connectionId } }: { alert: Alert }): ReactNode {
  const name = <bdi>{target}</bdi>;
  if (campaignId)
    return (
      <Link to={'/app/campaigns/$campaignId' as never} params={{ campaignId } as never}>
        {name}
      </Link>
    );
  if (connectionId) return <Link to={'/app/connections' as never}>{name}</Link>;
  return name;
}

function State({ alert: { state, acknowledgedAt, mutedUntil, resolvedAt, resolution } }: { alert: Alert }) {
  const t = useTranslations('alerts');
  const { time } = useFigures();
  return (
    <span className="person">
      {state === 'RESOLVED' ? (
        <span className="badge badge-good">{t('over')}</span>
      ) : acknowledgedAt ? (
        <span className="badge">{t('acknowledged')}</span>
      ) : (
        <span className="badge badge-warning">{t('raised')}</span>
      )}
      {mutedUntil && <span className="faint">{t('mutedUntil', { time: time(mutedUntil) })}</span>}
      {resolvedAt && (
        <span className="faint" dir="auto">
          {time(resolvedAt)} {resolution}
        </span>
      )}
    </span>
  );
}

/** Alerts with what was found; those that are not over can be acknowledged and muted. */
export function AlertTable({ alerts }: { alerts: readonly Alert[] }) {
  const t = useTranslations('alerts');
  const tApp = useTranslations('app');
  const { time } = useFigures();
  const isAnalyst = useHasRole('ANALYST');
  const { acknowledge, mute } = useAlertActions();
  const actionsFor = (alert: Alert) => {
    if (!isAnalyst || alert.state === 'RESOLVED') return [];
    return [
      ...(alert.acknowledgedAt ? [] : [{ label: t('acknowledge'), onChoose: () => void acknowledge(alert) }]),
      ...(alert.mutedUntil
        ? [{ label: t('unmute'), onChoose: () => void mute(alert, 0) }]
        : MUTED_DAYS.map((days) => ({
            label: t('muteFor', { days }),
            onChoose: () => void mute(alert, days),
          }))),
    ];
  };
  return (
    <Table
      label={t('alerts')}
      rows={alerts}
      keyOf={({ id }) => id}
      columns={[
        { key: 'target', label: t('target'), isName: true, cell: (alert) => <Target alert={alert} /> },
        {
          key: 'message',
          label: t('message'),
          cell: ({ kind, message }) => (
            <span className="person">
              {t(`kinds.${kind}`)}
              <span className="faint alert-message" dir="auto">
                {message}
              </span>
            </span>
          ),
        },
        { key: 'raised', label: t('raisedAt'), cell: ({ raisedAt }) => time(raisedAt) },
        { key: 'state', label: t('state'), cell: (alert) => <State alert={alert} /> },
        {
          key: 'actions',
          label: '',
          isFigure: true,
          cell: (alert) => <RowMenu label={tApp('actions', { name: alert.target })} actions={actionsFor(alert)} />,
        },
      ]}
    />
  );
}
