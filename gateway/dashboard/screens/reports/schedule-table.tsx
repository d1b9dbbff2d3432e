import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
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
  SkipNextReportRun,
} from '#gateway/client/generated/reports.js';
import { RecipientsDialog } from './recipients-dialog.tsx';
import type { Schedule } from './schedule.ts';
import { ScheduleDialog } from './schedule-dialog.tsx';

const documents = {
  pause: PauseReportSchedule,
  resume: ResumeReportSchedule,
  run: RunReportScheduleNow,
  skip: SkipNextReportRun,
} as const;

function State({ schedule: { pause, nextRuns } }: { schedule: Schedule }) {
  const t = useTranslations('reports');
  const { time } = useFigures();
  if (pause) return <span className="badge badge-warning">{t(`pause.${pause}`)}</span>;
  return <span>{time(nextRuns[0])}</span>;
}

export interface ScheduleTableProps {
  schedules: Schedule[];
  mayEdit: boolean;
  /** Whose deliveries are shown. */
  shownId: string | undefined;
  onShow: (id: string) => void;
}

/** Schedules of reports: when they run next, who gets them, and what changes, pauses or ends them. */
export function ScheduleTable({ schedules, mayEdit, shownId, onShow }: ScheduleTableProps) {
  const t = useTranslations('reports');
  const [asked, setAsked] = useState<{ what: 'edit' | 'recipients' | 'delete'; id: string }>();
  /** As it is now: an open list of recipients shows what was added to it. */
  const schedule = schedules.find(({ id }) => id === asked?.id);
  const close = () => setAsked(undefined);
  const act = useMutation({
    mutationFn: ({ action, id }: { action: keyof typeof documents; id: string }) =>
      run<unknown, { scheduleId: string }>(documents[action] as never, { scheduleId: id }),
    onSuccess: (_, { action, id }) => {
      const undo =
        action === 'pause' ? { label: t('undo'), onUndo: () => act.mutate({ action: 'resume', id }) } : undefined;
      notify({ title: t(`scheduleDone.${action}`), undo });
      return invalidate('ListReportSchedules', 'ListReports', 'ListReportDeliveries');
    },
    onError: (error) => notifyFailure(error, t('failed')),
  });
  const remove = async () => {
    if (!asked) return;
    await run(DeleteReportSchedule, { scheduleId: asked.id });
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
  const nameOf = ({ id, name }: Schedule) => (
    <button
      type="button"
      className="link"
      aria-current={id === shownId ? 'true' : undefined}
      onClick={() => onShow(id)}
    >
      <bdi>{name}</bdi>
    </button>
  );
  const actions = ({ id, name, pause }: Schedule) => {
    const toggle = pause ? 'resume' : 'pause';
    return (
      <RowMenu
        label={t('actionsOf', { name })}
        actions={[
          { label: t('scheduleAction.edit'), onChoose: () => setAsked({ what: 'edit', id }) },
          { label: t('column.recipients'), onChoose: () => setAsked({ what: 'recipients', id }) },
          { label: t('scheduleAction.run'), onChoose: () => act.mutate({ action: 'run', id }) },
          { label: t(`scheduleAction.${toggle}`), onChoose: () => act.mutate({ action: toggle, id }) },
          ...(pause ? [] : [{ label: t('scheduleAction.skip'), onChoose: () => act.mutate({ action: 'skip', id }) }]),
          { label: t('delete'), isDanger: true, onChoose: () => setAsked({ what: 'delete', id }) },
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
          { key: 'name', label: t('column.title'), isName: true, cell: nameOf },
          { key: 'recurrence', label: t('column.recurrence'), cell: recurrence },
          { key: 'next', label: t('column.next'), cell: (schedule) => <State schedule={schedule} /> },
          { key: 'recipients', label: t('column.recipients'), cell: recipients },
          { key: 'files', label: t('files'), cell: ({ formats }) => formats.join(', ') },
          ...(mayEdit ? [{ key: 'actions', label: t('column.actions'), isFigure: true, cell: actions }] : []),
        ]}
      />
      {schedule && asked?.what === 'edit' && <ScheduleDialog schedule={schedule} onClose={close} />}
      {schedule && asked?.what === 'recipients' && <RecipientsDialog schedule={schedule} onClose={close} />}
      <Confirm
        isOpen={asked?.what === 'delete'}
        onClose={close}
        title={t('deleteScheduleTitle', { name: schedule?.name ?? '' })}
        text={t('deleteScheduleText')}
        action={t('delete')}
        onConfirm={remove}
      />
    </>
  );
}
