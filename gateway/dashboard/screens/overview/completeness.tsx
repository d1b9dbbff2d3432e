import type { UseQueryResult } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Clock } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { OverviewTotalsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Answer } from '#dashboard/graph/query.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';

type Source = NonNullable<NonNullable<OverviewTotalsQuery['organization']>['performance']>['sources'][number];

function Sources({ sources }: { sources: readonly Source[] }) {
  const t = useTranslations('overview');
  const of = (state: Source['state']) => sources.filter((source) => source.state === state);
  const complete = of('COMPLETE').length;
  const notFinal = of('NOT_FINAL').length;
  const nameOf = ({ account }: Source) => ({ name: account.name, provider: account.provider.name });
  return (
    <ul className="notes">
      {of('MISSING').map((source) => (
        <li key={source.account.id}>
          <CircleAlert aria-hidden size={16} className="warning" />
          <span dir="auto">{t('missing', { ...nameOf(source), message: source.message ?? '' })}</span>
        </li>
      ))}
      {of('STALE').map((source) => (
        <li key={source.account.id}>
          <Clock aria-hidden size={16} className="warning" />
          <span dir="auto">{t('stale', nameOf(source))}</span>
        </li>
      ))}
      {notFinal > 0 && (
        <li>
          <Clock aria-hidden size={16} className="faint" />
          <span>{t('notFinal', { count: notFinal })}</span>
        </li>
      )}
      {complete > 0 && (
        <li>
          <CircleCheck aria-hidden size={16} className="good" />
          <span>{t('complete', { count: complete })}</span>
        </li>
      )}
    </ul>
  );
}

/** How complete the figures of the screen are, in words. */
export function Completeness({ query }: { query: UseQueryResult<Answer<OverviewTotalsQuery>, Error> }) {
  const t = useTranslations('overview');
  return (
    <Panel title={t('completeness')}>
      <Loaded query={query} lines={5}>
        {({ organization }) => <Sources sources={organization?.performance?.sources ?? []} />}
      </Loaded>
    </Panel>
  );
}
