import { useTranslations } from 'use-intl';
import { FactList } from '#dashboard/kit/facts.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import type { ConnectionStatus } from '#gateway/client/generated/types.js';
import type { StatusReport } from './status-report.ts';

const badges = { ok: 'badge-good', degraded: 'badge-warning', 'not ready': 'badge-bad' } as const;

/** Whether it works, which version it is, and what its process and its users are doing. */
export function Installation({ report }: { report: StatusReport }) {
  const t = useTranslations('status');
  const tConnection = useTranslations('connections.status');
  const { time, bytes, ratio, count } = useFigures();
  const { status, version, uptime, environment, database, cache, memory, eventLoop, integrations, billing } = report;
  const startedAt = new Date(Date.now() - uptime * 1_000).toISOString();
  const connections = Object.entries(integrations?.connections ?? {}).filter(([, number]) => number > 0);
  const facts: [string, string | undefined | null][] = [
    [t('version'), version],
    [t('since'), time(startedAt)],
    [t('environment'), environment],
    [t('database'), database && `${database.mode} · ${t(database.isReachable ? 'reachable' : 'unreachable')}`],
    [t('cache'), cache],
    [t('memory'), memory && bytes(memory.residentBytes)],
    [t('load'), eventLoop && ratio(eventLoop.utilization)],
    [
      t('connections'),
      connections.map(([state, number]) => `${tConnection(state as ConnectionStatus)}: ${count(number)}`).join(', '),
    ],
    [t('pastDue'), billing?.payments && count(billing.payments.pastDueOrganizations)],
  ];
  return (
    <Panel title={t('installation')}>
      <p>
        <span className={`badge ${badges[status]}`}>{t(`state.${status}`)}</span>
      </p>
      <FactList facts={facts} />
    </Panel>
  );
}
