import { CircleAlert, CircleCheck, Clock } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Completeness } from '#dashboard/graph/generated/graphql.ts';

export interface Source {
  account: { id: string; name: string; provider: { name: string } };
  state: Completeness;
  message?: string | null;
}

/** More accounts of one state are a number. */
const MAX_NAMED = 8;

/** How complete the figures of accounts are, in words: those with a problem by name, the others counted. */
export function Sources({ sources }: { sources: readonly Source[] }) {
  const t = useTranslations('app.sources');
  const of = (state: Completeness) => sources.filter((source) => source.state === state);
  const named = [...of('MISSING'), ...of('STALE')];
  const complete = of('COMPLETE').length;
  const notFinal = of('NOT_FINAL').length;
  return (
    <ul className="notes">
      {named.slice(0, MAX_NAMED).map(({ account, state, message }) => {
        const Icon = state === 'MISSING' ? CircleAlert : Clock;
        const values = { name: account.name, provider: account.provider.name, message: message ?? '' };
        return (
          <li key={account.id}>
            <Icon aria-hidden size={16} className="warning" />
            <span dir="auto">{state === 'MISSING' ? t('missing', values) : t('stale', values)}</span>
          </li>
        );
      })}
      {named.length > MAX_NAMED && (
        <li>
          <CircleAlert aria-hidden size={16} className="warning" />
          <span>{t('further', { count: named.length - MAX_NAMED })}</span>
        </li>
      )}
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
