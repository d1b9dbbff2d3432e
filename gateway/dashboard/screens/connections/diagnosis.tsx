import { ExternalLink } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFigures } from '#dashboard/kit/figures.ts';
import type { Connection } from './connection.ts';
import { RETURN_TO } from './return-to.ts';

/** What is wrong with a connection, who can fix it, and the one link that does. Nothing where it works. */
export function Diagnosis({ connection }: { connection: Connection }) {
  const t = useTranslations('connections');
  const { time } = useFigures();
  const { fault, reason, reconnectUrl, provider } = connection;
  if (!fault && reason === null) return null;
  const remedy = fault?.remedy;
  const isUrgent = remedy === 'RECONNECT';
  return (
    <div className={`note ${isUrgent ? 'note-bad' : 'note-warning'}`} role="status">
      <p dir="auto">
        {fault?.account && <strong>{fault.account.name}: </strong>}
        {fault?.message ?? reason}
      </p>
      {remedy && (
        <p className="faint">
          {t(`remedy.${remedy}`)}
          {fault?.since && ` ${t('since', { time: time(fault.since) })}`}
        </p>
      )}
      {isUrgent && reconnectUrl && (
        <a className="button button-primary" href={`${reconnectUrl}&returnTo=${encodeURIComponent(RETURN_TO)}`}>
          <ExternalLink aria-hidden size={16} />
          {t('reconnect', { provider: provider.name })}
        </a>
      )}
      {isUrgent && !reconnectUrl && <p>{t('askAdmin')}</p>}
    </div>
  );
}
