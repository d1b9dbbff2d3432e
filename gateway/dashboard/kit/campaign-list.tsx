import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { CampaignNamesDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { CheckList } from './check-list.tsx';
import { Loaded } from './panel.tsx';

const DAY_MS = 86_400_000;
/** Campaigns without figures for longer are over. */
const DAYS = 30;

/** The days whose campaigns can be chosen, up to yesterday. */
function recentDays() {
  const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
  return { start: day(DAYS), end: day(1) };
}

export interface CampaignListProps {
  /** Only campaigns in this currency; absent = all. */
  currency?: string;
  chosen: readonly string[];
  onChange: (campaignIds: string[]) => void;
  problem?: string;
}

/** Chooses campaigns of the last 30 days, at most the 1,000 that cost most. Accounts that cannot be asked are named. */
export function CampaignList({ currency, chosen, onChange, problem }: CampaignListProps) {
  const t = useTranslations('app.campaigns');
  const query = useQuery(ask(CampaignNamesDocument, { range: recentDays(), currency }));
  return (
    <Loaded query={query} lines={4}>
      {({ organization }) => {
        const campaigns = organization?.campaigns;
        const options = (campaigns?.edges ?? []).map(({ node: { id, name, account } }) => ({
          value: id,
          label: name || t('noName'),
          hint: `${account.provider.name} · ${account.name}`,
        }));
        const missing = campaigns?.unavailable ?? [];
        const isCut = campaigns && campaigns.totalCount > options.length;
        return (
          <>
            <CheckList
              label={t('label')}
              empty={t('none')}
              options={options}
              chosen={chosen}
              onChange={onChange}
              problem={problem}
            />
            {isCut && <p className="field-hint">{t('cut', { shown: options.length, count: campaigns.totalCount })}</p>}
            {missing.length > 0 && (
              <p className="field-hint">
                {t('missing', { names: missing.map(({ account }) => account.name).join(', ') })}
              </p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
