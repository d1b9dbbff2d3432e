import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { EndOtherSessions, EndSession, ListSessions } from '#gateway/client/generated/authentication.js';

/** Returns what a person calls the program of a user agent; the agent itself where that is unknown. */
function programOf(userAgent: string | null | undefined): string {
  if (!userAgent) return '–';
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' };
  if (!browser) return userAgent.slice(0, 60);
  return [names[browser] ?? browser, system && (names[system] ?? system)].filter(Boolean).join(', ');
}

/** Where the user is signed in, and a way to end that. */
export function Sessions() {
  const t = useTranslations('account');
  const { time } = useFigures();
  const query = useQuery(ask(ListSessions, {}));
  const [isEndingOthers, setEndingOthers] = useState(false);
  const end = (sessionId: string) => attempt(() => run(EndSession, { sessionId }), { refresh: ['ListSessions'] });
  const endOthers = async () => {
    await run(EndOtherSessions, {});
    await invalidate('ListSessions');
  };
  return (
    <Panel
      title={t('sessions')}
      text={t('sessionsText')}
      actions={<Button onClick={() => setEndingOthers(true)}>{t('endOthers')}</Button>}
    >
      <Loaded query={query} lines={4}>
        {({ me }) => (
          <Table
            label={t('sessions')}
            rows={me?.sessions ?? []}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'program',
                label: t('program'),
                isName: true,
                cell: ({ userAgent, isCurrent }) => (
                  <span className="person">
                    <span title={userAgent ?? undefined}>{programOf(userAgent)}</span>
                    {isCurrent && <span className="badge badge-good">{t('thisOne')}</span>}
                  </span>
                ),
              },
              { key: 'address', label: t('address'), cell: ({ address }) => address ?? '–' },
              { key: 'started', label: t('started'), cell: ({ createdAt }) => time(createdAt) },
              { key: 'seen', label: t('lastSeen'), cell: ({ lastSeenAt }) => time(lastSeenAt) },
              {
                key: 'end',
                label: '',
                isFigure: true,
                cell: ({ id, isCurrent }) =>
                  !isCurrent && (
                    <Button look="quiet" onClick={() => void end(id)}>
                      {t('end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <Confirm
        isOpen={isEndingOthers}
        onClose={() => setEndingOthers(false)}
        title={t('endOthersTitle')}
        text={t('endOthersText')}
        action={t('endOthers')}
        onConfirm={endOthers}
      />
    </Panel>
  );
}
