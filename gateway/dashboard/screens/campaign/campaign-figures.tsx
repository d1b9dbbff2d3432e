import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasureTiles } from '#dashboard/kit/measures/measure-tiles.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { useRangeText } from '#dashboard/kit/range-text.ts';
import { Sources } from '#dashboard/kit/sources.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { CampaignExplanation } from '#dashboard/screens/campaigns/campaign-explanation.tsx';
import { tiles } from '#dashboard/screens/campaigns/measures.ts';
import { CampaignDays } from './campaign-days.tsx';
import type { CampaignHead } from './facts.tsx';
import { useCampaignFigures } from './use-campaign-figures.ts';

/** The figures of the campaign with their comparison, day by day, in the currency of its account. */
export function CampaignFigures({ campaign }: { campaign: CampaignHead }) {
  const t = useTranslations('campaigns');
  const tFigures = useTranslations('figures');
  const [explained, explain] = useState<Explained>();
  const { query, performance, row, cursorBefore, explained: variables } = useCampaignFigures(campaign);
  const { id, name, account } = campaign;
  return (
    <>
      <Loaded query={query} lines={3}>
        {() =>
          row ? (
            <MeasureTiles
              measures={tiles}
              total={row}
              onExplain={(measure) => explain({ measure, row: { name, after: cursorBefore } })}
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
      {explained && <CampaignExplanation variables={variables} explained={explained} onChange={explain} />}
    </>
  );
}
