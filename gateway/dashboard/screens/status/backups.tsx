import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import type { StatusReport } from './status-report.ts';

function Line({ isOk, text }: { isOk: boolean; text: string }) {
  return (
    <li>
      {isOk ? (
        <CircleCheck aria-hidden size={16} className="good" />
      ) : (
        <CircleAlert aria-hidden size={16} className="warning" />
      )}
      <span>{text}</span>
    </li>
  );
}

/** Whether there is a backup, and whether one was restored to try it. */
export function Backups({ backups }: { backups: NonNullable<StatusReport['backups']> | null }) {
  const t = useTranslations('status');
  const { time, bytes, count } = useFigures();
  if (!backups) return <Panel title={t('backups')}>{t('unknown')}</Panel>;
  const { lastBackup, isLastBackupOk, lastVerifiedRestore, isLastRestoreOk } = backups;
  const backup = lastBackup
    ? t('lastBackup', {
        time: time(lastBackup.finishedAt),
        size: bytes(lastBackup.bytes),
        rows: count(lastBackup.rows),
      })
    : t('noBackup');
  const restore = lastVerifiedRestore
    ? t('lastRestore', { time: time(lastVerifiedRestore.finishedAt) })
    : t('noRestore');
  return (
    <Panel title={t('backups')}>
      <ul className="notes">
        <Line isOk={isLastBackupOk === true} text={backup} />
        <Line isOk={isLastRestoreOk === true} text={restore} />
        {isLastBackupOk === false && <Line isOk={false} text={t('backupFailed')} />}
        {isLastRestoreOk === false && <Line isOk={false} text={t('restoreFailed')} />}
      </ul>
    </Panel>
  );
}
