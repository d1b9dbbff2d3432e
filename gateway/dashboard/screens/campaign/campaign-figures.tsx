import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CampaignFiguresDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasureTiles } from '#dashboard/kit/measures/measure-tiles.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { figuresOf } from '#dashboard/kit/period.ts';
import { useRangeText } from '#dashboard/kit/range-text.ts';
import { Sources } from '#dashboard/kit/sources.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useQuestion } from '#dashboard/kit/use-search.ts';
import { CampaignExplanation } from '#dashboard/screens/campaigns/campaign-explanation.tsx';
import { tiles } from '#dashboard/screens/campaigns/measures.ts';
import { CampaignDays } from './campaign-days.tsx';
import type { CampaignHead } from './facts.tsx';

/** The figures of the campaign with their comparison, day by day, in the currency of its account. */
export function CampaignFigures({ campaign: { id, name, account } }: { campaign: CampaignHead }) {
  const t = useTranslations('campaigns');
  const tFigures = useTranslations('figures');
  const [explained, explain] = useState<Explained>();
  const [question] = useQuestion();
  const { currency: _, filter: __, ...days } = figuresOf(question);
  const variables = { ...days, filter: { accountIds: [account.id], nameContains: name.slice(0, 200) || undefined } };
  const query = useQuery(ask(CampaignFiguresDocument, variables));
  const performance = query.data?.data.organization?.performance;
  const edges = performance?.edges ?? [];
  const index = edges.findIndex(({ node }) => node.campaign?.id === id);
  const row = edges[index]?.node;
  return (
    <>
      <Loaded query={query} lines={3}>
        {() =>
          row ? (
            <MeasureTiles
              measures={tiles}
              total={row}
              onExplain={(measure) => explain({ measure, row: { name, after: edges[index - 1]?.cursor } })}
            />
          ) : (
            <Empty text={t('noFigures')} />
          )
        }
      </Loaded>
      <div className="figures">
        <Panel title={tFigures('overTime')} text={useRangeText(performance)} className="figures-wide">
          {performance && <CampaignDays campaignId={id} days={performance.range} />}
        </Panel>
        <Panel title={tFigures('completeness')}>
          <Loaded query={query} lines={3}>
            {() => <Sources sources={performance?.sources ?? []} />}
          </Loaded>
          {account.currency && <p className="note">{t('ownCurrency', { currency: account.currency })}</p>}
        </Panel>
      </div>
      {explained && (
        <CampaignExplanation
          variables={{ ...variables, orderBy: { metric: 'COST', direction: 'DESC' } }}
          explained={explained}
          onChange={explain}
        />
      )}
    </>
  );
}
