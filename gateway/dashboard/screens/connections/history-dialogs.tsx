import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { BackfillHistory, RefreshHistory, SetRestatedDays } from '#gateway/client/generated/connections.js';
import type { Account } from './connection.ts';

interface HistoryDialogProps {
  account: Account;
  onClose: () => void;
}

function useDone(onClose: () => void) {
  return async (title: string) => {
    notify({ title });
    onClose();
    await invalidate('Connections');
  };
}

/** Has earlier days of an account copied. */
export function BackfillDialog({ account: { id, name, history }, onClose }: HistoryDialogProps) {
  const t = useTranslations('connections.history');
  const done = useDone(onClose);
  const form = useApiForm({ from: history?.from ?? '' }, async ({ from }) => {
    await run(BackfillHistory, { accountId: id, from });
    await done(t('backfillDone', { name }));
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('backfill')} text={<bdi>{name}</bdi>}>
      <ApiForm form={form} submit={t('backfillSubmit')} onCancel={onClose}>
        <Field label={t('from')} type="date" required hint={t('backfillHint')} {...form.field('from')} />
      </ApiForm>
    </Dialog>
  );
}

/** Has copied days of an account read again. */
export function RefreshDialog({ account: { id, name, history }, onClose }: HistoryDialogProps) {
  const t = useTranslations('connections.history');
  const done = useDone(onClose);
  const days = { start: history?.from ?? '', end: history?.to ?? '' };
  const form = useApiForm(days, async (range) => {
    await run(RefreshHistory, { accountId: id, range });
    await done(t('refreshDone', { name }));
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('refresh')} text={<bdi>{name}</bdi>}>
      <ApiForm form={form} submit={t('refreshSubmit')} onCancel={onClose}>
        <Field label={t('from')} type="date" required {...form.field('start')} />
        <Field label={t('to')} type="date" required hint={t('refreshHint')} {...form.field('end')} />
      </ApiForm>
    </Dialog>
  );
}

/** Sets for how many days back the figures of an account are read again each night. */
export function RestatedDaysDialog({ account: { id, name, history }, onClose }: HistoryDialogProps) {
  const t = useTranslations('connections.history');
  const tApp = useTranslations('app');
  const done = useDone(onClose);
  const form = useApiForm({ days: history?.restatedDays?.toString() ?? '' }, async (values) => {
    const days = values.days.trim();
    await run(SetRestatedDays, { accountId: id, days: days === '' ? null : Number(days) });
    await done(t('restatedDone', { name }));
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('restated')} text={<bdi>{name}</bdi>}>
      <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
        <Field label={t('days')} type="number" min={1} max={90} hint={t('restatedHint')} {...form.field('days')} />
      </ApiForm>
    </Dialog>
  );
}
