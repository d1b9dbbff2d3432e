import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { type MoversFragment, OverviewMoversDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import type { figuresOf } from '#dashboard/kit/period.ts';
import { Change } from '#dashboard/kit/tile.tsx';

function List({ title, movers, isUp }: { title: string; movers: MoversFragment | null | undefined; isUp: boolean }) {
  const { difference } = useFigures();
  const rows = (movers?.edges ?? []).map(({ node }) => node);
  const moved = rows.filter(({ change }) => {
    const absolute = Number(change?.conversions?.absolute ?? 0);
    return isUp ? absolute > 0 : absolute < 0;
  });
  return (
    <div>
      <h3>{title}</h3>
      <ul className="movers">
        {moved.map(({ campaign, account, change }) => (
          <li key={`${campaign?.id}`}>
            <span className="movers-name">
              <bdi>{campaign?.name}</bdi>
              <span className="faint">
                {account?.provider.name} · <bdi>{account?.name}</bdi>
              </span>
            </span>
            <span className="movers-change">
              <bdi>{difference(Number(change?.conversions?.absolute))}</bdi>
              <Change percent={change?.conversions?.percent} isMoreBetter />
            </span>
          </li>
        ))}
        {moved.length === 0 && <li className="faint">–</li>}
      </ul>
    </div>
  );
}

/** The campaigns whose conversions grew and fell most. */
export function Movers({ figures }: { figures: ReturnType<typeof figuresOf> }) {
  const t = useTranslations('overview');
  const { compareTo } = figures;
  const options = ask(OverviewMoversDocument, { ...figures, compareTo: compareTo ?? 'PREVIOUS_PERIOD' });
  const query = useQuery({ ...options, enabled: compareTo !== undefined });
  return (
    <Panel title={t('movers')} text={t('moversText')} className="overview-full">
      {compareTo === undefined ? (
        <p className="faint">{t('moversNone')}</p>
      ) : (
        <Loaded query={query} lines={6}>
          {({ organization }) => (
            <div className="overview-movers">
              <List title={t('winners')} movers={organization?.winners} isUp />
              <List title={t('losers')} movers={organization?.losers} isUp={false} />
            </div>
          )}
        </Loaded>
      )}
    </Panel>
  );
}
