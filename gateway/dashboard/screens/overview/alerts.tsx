import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellOff, BellRing } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { ListAlerts } from '#gateway/client/generated/budgets.js';

/** The alerts that are not over. */
export function Alerts() {
  const t = useTranslations('overview');
  const { time } = useFigures();
  const query = useQuery(ask(ListAlerts, { state: 'RAISED', first: 6 }));
  return (
    <Panel title={t('alerts')} actions={<Link to={'/app/alerts' as never}>{t('alertsAll')}</Link>}>
      <Loaded query={query} lines={4}>
        {({ organization }) => {
          const alerts = organization?.alerts?.edges.map(({ node }) => node) ?? [];
          if (alerts.length === 0)
            return (
              <p className="calm">
                <BellOff aria-hidden size={18} /> {t('alertsNone')}
              </p>
            );
          return (
            <ul className="notes">
              {alerts.map(({ id, message, raisedAt }) => (
                <li key={id}>
                  <BellRing aria-hidden size={16} className="warning" />
                  <span>
                    <bdi>{message}</bdi>
                    <span className="faint">{time(raisedAt)}</span>
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}
