import { useTranslations } from 'use-intl';
import type { OverviewTotalsQuery } from '#dashboard/graph/generated/graphql.ts';
import { Loaded, type LoadedQuery, Panel } from '#dashboard/kit/panel.tsx';
import { Sources } from '#dashboard/kit/sources.tsx';

/** How complete the figures of the screen are, in words. */
export function Completeness({ query }: { query: LoadedQuery<OverviewTotalsQuery> }) {
  const t = useTranslations('overview');
  return (
    <Panel title={t('completeness')}>
      <Loaded query={query} lines={5}>
        {({ organization }) => <Sources sources={organization?.performance?.sources ?? []} />}
      </Loaded>
    </Panel>
  );
}
