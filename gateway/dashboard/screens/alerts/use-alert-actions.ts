import { useTranslations } from 'use-intl';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { notify } from '#dashboard/kit/toast.tsx';
import { AcknowledgeAlert, MuteAlert } from '#gateway/client/generated/budgets.js';

interface Named {
  id: string;
  target: string;
}

/** Returns what acknowledges an alert, and what mutes one for some days, which can be taken back; 0 days end it. */
export function useAlertActions() {
  const t = useTranslations('alerts');
  const tApp = useTranslations('app');
  const failed = (error: unknown) => notify({ title: t('failed'), text: describeError(error).message, kind: 'failed' });
  const refresh = () => invalidate('ListAlerts');

  async function acknowledge({ id, target }: Named): Promise<void> {
    try {
      await run(AcknowledgeAlert, { alertId: id });
      notify({ title: t('acknowledgedNow', { name: target }) });
    } catch (error) {
      failed(error);
    }
    await refresh();
  }

  async function mute(alert: Named, days: number): Promise<void> {
    const { id, target: name } = alert;
    try {
      await run(MuteAlert, { alertId: id, days });
      if (days === 0) notify({ title: t('unmutedNow', { name }) });
      else
        notify({
          title: t('mutedNow', { name, days }),
          undo: { label: tApp('undo'), onUndo: () => void mute(alert, 0) },
        });
    } catch (error) {
      failed(error);
    }
    await refresh();
  }

  return { acknowledge, mute };
}
