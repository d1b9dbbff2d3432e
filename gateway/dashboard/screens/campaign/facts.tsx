import { useTranslations } from 'use-intl';
import type { CampaignHeadQuery } from '#dashboard/graph/generated/graphql.ts';
import { Fact } from '#dashboard/kit/facts.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { StatusBadge } from '#dashboard/screens/campaigns/status-badge.tsx';
import { useProviderWords } from '#dashboard/screens/campaigns/use-provider-words.ts';

export type CampaignHead = NonNullable<CampaignHeadQuery['campaign']>;

/** What kind of campaign it is, in the words of its provider, and what it may cost. */
export function Facts({ campaign: { status, account, type, objective, budget } }: { campaign: CampaignHead }) {
  const t = useTranslations('campaigns');
  const words = useProviderWords();
  const { money } = useFigures();
  return (
    <dl className="campaign-facts">
      <Fact label={t('status')}>
        <StatusBadge status={status} />
      </Fact>
      <Fact label={t('provider')}>{account.provider.name}</Fact>
      <Fact label={t('account')}>{account.name}</Fact>
      {type && <Fact label={t('type')}>{words(type)}</Fact>}
      {objective && <Fact label={t('objective')}>{words(objective)}</Fact>}
      {budget?.daily && <Fact label={t('budget')}>{t('dailyBudget', { amount: money(budget.daily) })}</Fact>}
      {budget?.total && <Fact label={t('budget')}>{t('totalBudget', { amount: money(budget.total) })}</Fact>}
    </dl>
  );
}
