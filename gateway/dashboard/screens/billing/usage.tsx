import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { Chart } from '#dashboard/kit/chart/chart.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { GetUsage } from '#gateway/client/generated/billing.js';
import type { GetUsageQuery } from '#gateway/client/generated/types.js';

type Days = NonNullable<NonNullable<GetUsageQuery['organization']>['usage']>;

function Lines({ days }: { days: Days }) {
  const t = useTranslations('billing');
  const { day: inWords, count } = useFigures();
  const props = useMemo(() => {
    const format = (value: number, isShort?: boolean) => count(value, isShort);
    return {
      label: t('usage'),
      dayLabel: t('day'),
      days: days.map(({ date }) => date),
      formatDay: (day: string) => inWords(day, 'short'),
      series: [
        { label: t('requests'), values: days.map(({ requests }) => requests), format },
        { label: t('reports'), values: days.map(({ reports }) => reports), format },
      ],
    };
  }, [days, t, inWords, count]);
  return <Chart {...props} />;
}

/** How much was asked of the API and how many reports were made, on each of the last 30 days. */
export function Usage() {
  const t = useTranslations('billing');
  const query = useQuery(ask(GetUsage, {}));
  return (
    <Panel title={t('usage')} text={t('usageText')}>
      <Loaded query={query} lines={9}>
        {({ organization }) => organization?.usage && <Lines days={organization.usage} />}
      </Loaded>
    </Panel>
  );
}
