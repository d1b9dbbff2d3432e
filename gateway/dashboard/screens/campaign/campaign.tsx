import './campaign.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { CampaignHeadDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { PeriodPicker } from '#dashboard/kit/period-picker.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { CampaignBudget } from './campaign-budget.tsx';
import { CampaignFigures } from './campaign-figures.tsx';
import { Facts } from './facts.tsx';
import { Parts } from './parts.tsx';

/** One campaign: what it is, its figures over days, and what is inside it. */
export function Screen() {
  const t = useTranslations('campaigns');
  const { campaignId = '' } = useParams({ strict: false }) as { campaignId?: string };
  const query = useQuery(ask(CampaignHeadDocument, { id: campaignId }));
  const name = query.data?.data.campaign?.name;
  return (
    <Page
      title={name || t('campaign')}
      text={
        <Link
          className="back"
          to={'/app/campaigns' as never}
          search={((before: object) => ({ ...before, group: undefined })) as never}
        >
          <ArrowLeft aria-hidden size={14} className="mirrored" /> {t('back')}
        </Link>
      }
      actions={<PeriodPicker />}
    >
      <Loaded query={query} lines={4}>
        {({ campaign }) =>
          campaign ? (
            <>
              <Facts campaign={campaign} />
              <CampaignFigures campaign={campaign} />
              <Panel title={t('parts')} text={t('partsText')}>
                <Parts campaign={campaign} />
              </Panel>
              <CampaignBudget campaign={campaign} />
            </>
          ) : (
            <Empty text={t('gone')} />
          )
        }
      </Loaded>
    </Page>
  );
}
