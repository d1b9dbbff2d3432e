import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { CampaignDaysDocument, type CampaignDaysQuery } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { MeasureLines } from '#dashboard/kit/measures/measure-lines.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { lines } from '#dashboard/screens/campaigns/measures.ts';

type Daily = NonNullable<NonNullable<CampaignDaysQuery['campaign']>['metricsDaily']>;

function Lines({ daily }: { daily: Daily }) {
  const t = useTranslations('figures');
  const edges = useMemo(() => daily.map(({ date, metrics }) => ({ node: { day: date, metrics } })), [daily]);
  return <MeasureLines label={t('overTime')} measures={lines} edges={edges} />;
}

/** A campaign day by day. */
export function CampaignDays({ campaignId, days }: { campaignId: string; days: { start: string; end: string } }) {
  const { start, end } = days;
  const query = useQuery(ask(CampaignDaysDocument, { id: campaignId, days: { start, end } }));
  return (
    <Loaded query={query} lines={9}>
      {({ campaign }) => campaign?.metricsDaily && <Lines daily={campaign.metricsDaily} />}
    </Loaded>
  );
}
