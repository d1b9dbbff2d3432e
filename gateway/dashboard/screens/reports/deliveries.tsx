import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import {
  ApproveReportDelivery,
  ListReportDeliveries,
  RejectReportDelivery,
} from '#gateway/client/generated/reports.js';
import type { ListReportDeliveriesQuery } from '#gateway/client/generated/types.js';
import type { Schedule } from './schedule.ts';

type Delivery = NonNullable<ListReportDeliveriesQuery['reportSchedule']>['deliveries']['edges'][number]['node'];

const PAGE_SIZE = 20;
const looks: Partial<Record<Delivery['state'], string>> = {
  WAITING_REVIEW: 'badge-warning',
  HELD: 'badge-warning',
  SENT: 'badge-good',
  FAILED: 'badge-bad',
};

/** What became of the runs of a schedule, the newest first; what waits for somebody is approved or rejected here. */
export function Deliveries({ schedule, mayEdit }: { schedule: Schedule; mayEdit: boolean }) {
  const t = useTranslations('reports');
  const { time } = useFigures();
  const list = usePages(
    ListReportDeliveries,
    { id: schedule.id, first: PAGE_SIZE },
    ({ reportSchedule }) => reportSchedule?.deliveries,
  );
  const decide = (document: typeof ApproveReportDelivery | typeof RejectReportDelivery, deliveryId: string) =>
    attempt(() => run(document as typeof ApproveReportDelivery, { deliveryId }), {
      done: t('decided'),
      refresh: ['ListReportDeliveries'],
    });
  const actionsFor = ({ id, state }: Delivery) =>
    mayEdit && (state === 'WAITING_REVIEW' || state === 'HELD')
      ? [
          { label: t('approve'), onChoose: () => void decide(ApproveReportDelivery, id) },
          { label: t('reject'), isDanger: true, onChoose: () => void decide(RejectReportDelivery, id) },
        ]
      : [];
  const sentTo = ({ recipients }: Delivery) =>
    (recipients ?? []).map(({ email, state, reason }) => (
      <span key={email} className="person" title={reason ?? undefined}>
        <bdi>{email}</bdi> <span className="faint">{t(`mail.${state}`)}</span>
      </span>
    ));
  return (
    <Panel title={t('deliveriesOf', { name: schedule.name })}>
      <Loaded query={list.query} lines={4}>
        {() =>
          list.items.length === 0 ? (
            <p className="calm">{t('noDeliveries')}</p>
          ) : (
            <Table
              label={t('deliveriesOf', { name: schedule.name })}
              rows={list.items}
              keyOf={({ id }) => id}
              columns={[
                { key: 'due', label: t('column.due'), isName: true, cell: ({ dueAt }) => time(dueAt) },
                {
                  key: 'state',
                  label: t('column.state'),
                  cell: ({ state, reason }) => (
                    <span className="person">
                      <span className={`badge ${looks[state] ?? ''}`}>{t(`deliveryState.${state}`)}</span>
                      {reason && (
                        <span className="faint wrapping" dir="auto">
                          {reason}
                        </span>
                      )}
                    </span>
                  ),
                },
                {
                  key: 'report',
                  label: t('report'),
                  cell: ({ report }) =>
                    report ? (
                      <Link to={'/app/reports/$reportId' as never} params={{ reportId: report.id } as never}>
                        <bdi>{report.title}</bdi>
                      </Link>
                    ) : (
                      '–'
                    ),
                },
                { key: 'recipients', label: t('column.recipients'), cell: sentTo },
                {
                  key: 'actions',
                  label: '',
                  isFigure: true,
                  cell: (delivery) => (
                    <RowMenu label={t('actionsOf', { name: time(delivery.dueAt) })} actions={actionsFor(delivery)} />
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
