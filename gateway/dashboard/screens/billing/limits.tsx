import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { GetEntitlements } from '#gateway/client/generated/billing.js';

/** Nearly used up: worth a look before something is refused. */
const NEARLY = 0.8;

/** What the plan includes, and how much of it is used. */
export function Limits() {
  const t = useTranslations('billing');
  const { count } = useFigures();
  const query = useQuery(ask(GetEntitlements, {}));
  return (
    <Panel title={t('limits')}>
      <Loaded query={query} lines={6}>
        {({ organization }) => (
          <>
            {organization?.entitlements?.access === 'READ_ONLY' && (
              <p className="note note-bad" role="status">
                {t('readOnly')}
              </p>
            )}
            <ul className="limits">
              {organization?.entitlements?.limits
                .filter(({ used }) => used !== null)
                .map(({ name, limit, used }) => {
                  const share = limit ? (used ?? 0) / limit : 0;
                  const label = t(`limit.${name}`);
                  return (
                    <li key={name}>
                      <span>{label}</span>
                      <bdi className={share >= 1 ? 'bad' : share >= NEARLY ? 'warning' : 'faint'}>
                        {limit === null
                          ? t('unlimited', { used: count(used) })
                          : t('used', { used: count(used), limit: count(limit) })}
                      </bdi>
                      {limit !== null && (
                        <progress
                          className="progress-bar"
                          max={Math.max(limit, 1)}
                          value={used ?? 0}
                          aria-label={label}
                        />
                      )}
                    </li>
                  );
                })}
            </ul>
          </>
        )}
      </Loaded>
    </Panel>
  );
}
