import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import {
  CampaignAdGroupsDocument,
  CampaignAdsDocument,
  CampaignKeywordsDocument,
} from '#dashboard/graph/generated/graphql.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Tabs } from '#dashboard/kit/tabs.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { PartTable } from './part-table.tsx';

const schema = z.object({
  part: z.catch(z.enum(['adGroups', 'ads', 'keywords']), 'adGroups'),
  group: z.catch(z.optional(z.coerce.string()), undefined),
});

/** What is inside a campaign. An ad group leads to its ads; ads and keywords can be those of one ad group. */
export function Parts({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns');
  const [{ part, group }, change] = useSearchOf(schema);
  const filter = group && (
    <p className="part-filter">
      <Button icon={<X aria-hidden size={14} />} onClick={() => void change({ group: undefined })}>
        {t('onlyGroup')}
      </Button>
    </p>
  );
  return (
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
              campaignId={campaignId}
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
                campaignId={campaignId}
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
                campaignId={campaignId}
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
                    cell: ({ node }) => <span className="faint">{node.matchType}</span>,
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
  );
}
