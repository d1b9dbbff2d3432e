import { useTranslations } from 'use-intl';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import type { StatusReport } from './status-report.ts';

/** The parts of the installation, those that do not answer first. */
export function Parts({ report: { checks = {}, subgraphs = {}, migrations } }: { report: StatusReport }) {
  const t = useTranslations('status');
  const rows = Object.entries(checks).map(([name, outcome]) => ({
    name,
    outcome,
    transport: subgraphs[name]?.transport ?? '–',
    pending: migrations?.[name]?.pending.length,
  }));
  rows.sort((one, other) => Number(one.outcome === 'ok') - Number(other.outcome === 'ok'));
  return (
    <Panel title={t('parts')}>
      <Table
        label={t('parts')}
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { key: 'name', label: t('part'), isName: true, cell: ({ name }) => name },
          {
            key: 'state',
            label: t('stateOf'),
            cell: ({ outcome }) => (
              <span className={`badge ${outcome === 'ok' ? 'badge-good' : 'badge-bad'}`}>
                {outcome === 'ok' ? t('state.ok') : outcome}
              </span>
            ),
          },
          { key: 'transport', label: t('transport'), cell: ({ transport }) => transport },
          {
            key: 'migrations',
            label: t('migrations'),
            cell: ({ pending }) => (pending === undefined ? '–' : t('pending', { count: pending })),
          },
        ]}
      />
    </Panel>
  );
}
