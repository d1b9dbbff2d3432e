import { useTranslations } from 'use-intl';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { AcknowledgeAlert, MuteAlert } from '#gateway/client/generated/budgets.js';

interface Named {
  id: string;
  target: string;
}

/** Returns what acknowledges an alert, and what mutes one for some days, which can be taken back; 0 days end it. */
export function useAlertActions() {
  const t = useTranslations('alerts');
  const tApp = useTranslations('app');
  const either = { failed: t('failed'), refresh: ['ListAlerts'] };

  const acknowledge = ({ id, target: name }: Named): Promise<void> =>
    attempt(() => run(AcknowledgeAlert, { alertId: id }), { ...either, done: t('acknowledgedNow', { name }) });

  function mute(alert: Named, days: number): Promise<void> {
    const { id, target: name } = alert;
    return attempt(() => run(MuteAlert, { alertId: id, days }), {
      ...either,
      done: days === 0 ? t('unmutedNow', { name }) : t('mutedNow', { name, days }),
      undo: days === 0 ? undefined : { label: tApp('undo'), onUndo: () => void mute(alert, 0) },
    });
  }

  return { acknowledge, mute };
}
