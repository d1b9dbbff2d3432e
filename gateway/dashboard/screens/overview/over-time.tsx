import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { OverviewDaysDocument, type OverviewDaysQuery } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Chart } from '#dashboard/kit/chart/chart.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import type { figuresOf } from '#dashboard/kit/period.ts';

type Edges = NonNullable<NonNullable<OverviewDaysQuery['organization']>['performance']>['edges'];

/** Of the first currency: only amounts of one currency make a line. */
function linesOf(edges: Edges) {
  const rows = edges.map(({ node }) => node);
  const currency = rows[0]?.currency;
  const shown = rows.filter((row) => row.currency === currency && row.day);
  return {
    currency,
    days: shown.map(({ day }) => day ?? ''),
    cost: shown.map(({ metrics }) => Number(metrics.cost.amount)),
    conversions: shown.map(({ metrics }) => metrics.conversions),
  };
}

function Lines({ edges }: { edges: Edges }) {
  const t = useTranslations('overview');
  const formats = useFigures();
  const props = useMemo(() => {
    const { currency = 'EUR', days, cost, conversions } = linesOf(edges);
    return {
      label: t('overTime'),
      dayLabel: t('day'),
      days,
      formatDay: (day: string) => formats.day(day, 'short'),
      series: [
        {
          label: t('cost'),
          values: cost,
          format: (value: number, isShort?: boolean) => formats.money({ amount: String(value), currency }, isShort),
        },
        {
          label: t('conversions'),
          values: conversions,
          format: (value: number, isShort?: boolean) => formats.count(value, isShort),
        },
      ],
    };
  }, [edges, formats, t]);
  return <Chart {...props} />;
}

/** Cost and conversions, day by day. */
export function OverTime({ figures }: { figures: ReturnType<typeof figuresOf> }) {
  const t = useTranslations('overview');
  const { compareTo: _, ...variables } = figures;
  const query = useQuery(ask(OverviewDaysDocument, variables));
  return (
    <Panel title={t('overTime')} className="overview-wide">
      <Loaded query={query} lines={9}>
        {({ organization }) => <Lines edges={organization?.performance?.edges ?? []} />}
      </Loaded>
    </Panel>
  );
}
