import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import {
  CampaignAdGroupsDocument,
  CampaignAdsDocument,
  CampaignKeywordsDocument,
} from '#dashboard/graph/generated/graphql.ts';
import { Button } from '#dashboard/kit/button.tsx';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { Tabs } from '#dashboard/kit/tabs.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { CampaignExplanation } from '#dashboard/screens/campaigns/campaign-explanation.tsx';
import { useProviderWords } from '#dashboard/screens/campaigns/use-provider-words.ts';
import type { CampaignHead } from './facts.tsx';
import { PartTable } from './part-table.tsx';
import { useCampaignFigures } from './use-campaign-figures.ts';

const schema = z.object({
  part: z.catch(z.enum(['adGroups', 'ads', 'keywords']), 'adGroups'),
  group: z.catch(z.optional(z.coerce.string()), undefined),
});

/** What is inside a campaign. An ad group leads to its ads; ads and keywords can be those of one ad group. */
export function Parts({ campaign }: { campaign: CampaignHead }) {
  const t = useTranslations('campaigns');
  const words = useProviderWords();
  const [explained, explain] = useState<Explained>();
  const { cursorBefore, explained: variables } = useCampaignFigures(campaign);
  // The API explains figures of campaigns: what is said of one holds for what is inside it.
  const onExplain = ({ measure, row }: Explained) =>
    explain({
      measure,
      row: { name: t('explainPart', { part: row?.name ?? '', campaign: campaign.name }), after: cursorBefore },
    });
  const shared = { campaignId: campaign.id, onExplain };
  const [{ part, group }, change] = useSearchOf(schema);
  const filter = group && (
    <p className="part-filter">
      <Button icon={<X aria-hidden size={14} />} onClick={() => void change({ group: undefined })}>
        {t('onlyGroup')}
      </Button>
    </p>
  );
  return (
    <>
      <Tabs
        label={t('parts')}
        value={part}
        onChange={(next) => void change({ part: next })}
        tabs={[
          {
            value: 'adGroups',
            label: t('adGroups'),
            content: (
              <PartTable
                document={CampaignAdGroupsDocument}
                {...shared}
                connectionOf={({ campaign }) => campaign?.adGroups}
                nameLabel={t('adGroup')}
                nameOf={({ name }) => name || t('noName')}
                name={({ name, externalId }) => (
                  <Link
                    to={'.' as never}
                    search={((before: object) => ({ ...before, part: 'ads', group: externalId })) as never}
                  >
                    <bdi>{name || t('noName')}</bdi>
                  </Link>
                )}
              />
            ),
          },
          {
            value: 'ads',
            label: t('ads'),
            content: (
              <>
                {filter}
                <PartTable
                  {...shared}
                  adGroupId={group}
                  document={CampaignAdsDocument}
                  connectionOf={({ campaign }) => campaign?.ads}
                  nameLabel={t('ad')}
                  nameOf={({ name }) => name || t('noName')}
                  name={({ name }) => <bdi>{name || t('noName')}</bdi>}
                  adGroupOf={({ adGroupName }) => adGroupName}
                />
              </>
            ),
          },
          {
            value: 'keywords',
            label: t('keywords'),
            content: (
              <>
                {filter}
                <PartTable
                  {...shared}
                  adGroupId={group}
                  document={CampaignKeywordsDocument}
                  connectionOf={({ campaign }) => campaign?.keywords}
                  nameLabel={t('keyword')}
                  nameOf={({ text }) => text}
                  name={({ text }) => <bdi>{text}</bdi>}
                  adGroupOf={({ adGroupName }) => adGroupName}
                  columns={[
                    {
                      key: 'matchType',
                      label: t('matchType'),
                      cell: ({ node }) => <span className="faint">{words(node.matchType)}</span>,
                    },
                    {
                      key: 'quality',
                      label: t('quality'),
                      isFigure: true,
                      cell: ({ node }) => node.qualityScore ?? '–',
                    },
                  ]}
                />
              </>
            ),
          },
        ]}
      />
      {explained && <CampaignExplanation variables={variables} explained={explained} onChange={explain} />}
    </>
  );
}
