import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import {
  DeleteReportSchedule,
  PauseReportSchedule,
  ResumeReportSchedule,
  RunReportScheduleNow,
} from '#gateway/client/generated/reports.js';
import type { ListReportSchedulesQuery } from '#gateway/client/generated/types.js';

type Schedule = NonNullable<
  NonNullable<ListReportSchedulesQuery['organization']>['reportSchedules']
>['edges'][number]['node'];

const documents = { pause: PauseReportSchedule, resume: ResumeReportSchedule, run: RunReportScheduleNow } as const;

function State({ schedule: { pause, nextRuns } }: { schedule: Schedule }) {
  const t = useTranslations('reports');
  const { time } = useFigures();
  if (pause) return <span className="badge badge-warning">{t(`pause.${pause}`)}</span>;
  return <span>{time(nextRuns[0])}</span>;
}

/** Schedules of reports: when they run next, who gets them, and what ends or pauses them. */
export function ScheduleTable({ schedules, mayEdit }: { schedules: Schedule[]; mayEdit: boolean }) {
  const t = useTranslations('reports');
  const [doomed, setDoomed] = useState<Schedule>();
  const act = useMutation({
    mutationFn: ({ action, id }: { action: keyof typeof documents; id: string }) =>
      run<unknown, { scheduleId: string }>(documents[action] as never, { scheduleId: id }),
    onSuccess: (_, { action, id }) => {
      const undo =
        action === 'pause' ? { label: t('undo'), onUndo: () => act.mutate({ action: 'resume', id }) } : undefined;
      notify({ title: t(`scheduleDone.${action}`), undo });
      return invalidate('ListReportSchedules', 'ListReports');
    },
    onError: (error) => notify({ title: t('failed'), text: describeError(error).message, kind: 'failed' }),
  });
  const remove = async ({ id }: Schedule) => {
    await run(DeleteReportSchedule, { scheduleId: id });
    notify({ title: t('scheduleDeleted') });
    await invalidate('ListReportSchedules');
  };
  const recurrence = ({ recurrence: { every, at, weekday, day, month, cron } }: Schedule) =>
    t(`recurrence.${every}`, {
      at: at ?? '',
      weekday: weekday ? t(`weekday.${weekday}`) : '',
      day: day ?? 1,
      month: month ?? 1,
      cron: cron ?? '',
    });
  const recipients = ({ recipients: all }: Schedule) => {
    const pending = all?.filter(({ state }) => state === 'PENDING').length ?? 0;
    const confirmed = all?.filter(({ state }) => state === 'CONFIRMED').length ?? 0;
    return `${t('confirmed', { count: confirmed })}${pending > 0 ? ` · ${t('pending', { count: pending })}` : ''}`;
  };
  const actions = (schedule: Schedule) => {
    const { id, name, pause } = schedule;
    const toggle = pause ? 'resume' : 'pause';
    return (
      <RowMenu
        label={t('actionsOf', { name })}
        actions={[
          { label: t('scheduleAction.run'), onChoose: () => act.mutate({ action: 'run', id }) },
          { label: t(`scheduleAction.${toggle}`), onChoose: () => act.mutate({ action: toggle, id }) },
          { label: t('delete'), isDanger: true, onChoose: () => setDoomed(schedule) },
        ]}
      />
    );
  };
  return (
    <>
      <Table
        label={t('tabs.schedules')}
        rows={schedules}
        keyOf={({ id }) => id}
        columns={[
          { key: 'name', label: t('column.title'), isName: true, cell: ({ name }) => <bdi>{name}</bdi> },
          { key: 'recurrence', label: t('column.recurrence'), cell: recurrence },
          { key: 'next', label: t('column.next'), cell: (schedule) => <State schedule={schedule} /> },
          { key: 'recipients', label: t('column.recipients'), cell: recipients },
          { key: 'files', label: t('files'), cell: ({ formats }) => formats.join(', ') },
          ...(mayEdit ? [{ key: 'actions', label: t('column.actions'), isFigure: true, cell: actions }] : []),
        ]}
      />
      <Confirm
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={t('deleteScheduleTitle', { name: doomed?.name ?? '' })}
        text={t('deleteScheduleText')}
        action={t('delete')}
        onConfirm={async () => doomed && remove(doomed)}
      />
    </>
  );
}
