import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { GetEntitlements } from '#gateway/client/generated/billing.js';
import { KeepDialog, type KeptLimit, keptLimits } from './keep-dialog.tsx';

/** Nearly used up: worth a look before something is refused. */
const NEARLY = 0.8;

const isKept = (name: string): name is KeptLimit => (keptLimits as readonly string[]).includes(name);

/** What the plan includes, and how much of it is used. Where it is more, those who manage the subscription choose what stays in use. */
export function Limits({ isManager }: { isManager: boolean }) {
  const t = useTranslations('billing');
  const { count } = useFigures();
  const [kept, keep] = useState<{ limit: KeptLimit; most: number }>();
  const query = useQuery(ask(GetEntitlements, {}));
  return (
    <Panel title={t('limits')}>
      <Loaded query={query} lines={9}>
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
                      {isManager && limit !== null && (used ?? 0) > limit && isKept(name) && (
                        <Button
                          onClick={() => keep({ limit: name, most: limit })}
                          aria-label={t('keepOf', { what: label })}
                        >
                          {t('keepTitle')}
                        </Button>
                      )}
                    </li>
                  );
                })}
            </ul>
          </>
        )}
      </Loaded>
      {kept && <KeepDialog {...kept} onClose={() => keep(undefined)} />}
    </Panel>
  );
}
