import { Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { AddReportRecipient, RemoveReportRecipient } from '#gateway/client/generated/reports.js';
import type { Schedule } from './schedule.ts';

const badges = { PENDING: 'badge-warning', CONFIRMED: 'badge-good', DECLINED: 'badge-bad' } as const;

/** Who gets the reports of a schedule, whether they have confirmed, and who else shall. */
export function RecipientsDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = useTranslations('reports');
  const scheduleId = schedule.id;
  const recipients = schedule.recipients ?? [];
  const add = useMemo(() => runOnce(AddReportRecipient), []);
  const form = useApiForm({ email: '' }, async ({ email }) => {
    await add({ scheduleId, email });
    form.reset();
    await invalidate('ListReportSchedules');
  });
  const [removed, setRemoved] = useState<(typeof recipients)[number]>();
  const remove = async () => {
    if (removed) await run(RemoveReportRecipient, { scheduleId, recipientId: removed.id });
    await invalidate('ListReportSchedules');
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('recipientsOf', { name: schedule.name })} text={t('recipientsText')}>
      <ul className="lines">
        {recipients.map((recipient) => {
          const { id, email, state } = recipient;
          return (
            <li key={id}>
              <span>
                <bdi>{email}</bdi> <span className={`badge ${badges[state]}`}>{t(`recipientState.${state}`)}</span>
              </span>
              {recipients.length > 1 && (
                <Button
                  look="quiet"
                  icon={<Trash2 aria-hidden size={16} />}
                  aria-label={t('removeRecipient', { email })}
                  onClick={() => setRemoved(recipient)}
                />
              )}
            </li>
          );
        })}
      </ul>
      <ApiForm form={form} submit={t('addRecipient')}>
        <Field label={t('newRecipient')} type="email" autoComplete="off" {...form.field('email')} />
      </ApiForm>
      <Confirm
        isOpen={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t('removeRecipientTitle')}
        text={t('removeRecipientText', { email: removed?.email ?? '' })}
        action={t('removeRecipientAction')}
        onConfirm={remove}
      />
    </Dialog>
  );
}
