import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Fact } from '#dashboard/kit/facts.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Table } from '#dashboard/kit/table.tsx';
import type { ListAuditEventsQuery } from '#gateway/client/generated/types.js';

type Event = NonNullable<NonNullable<ListAuditEventsQuery['organization']>['auditLog']>['edges'][number]['node'];

function Details({ event }: { event: Event }) {
  const t = useTranslations('audit');
  const facts: [string, string | null | undefined][] = [
    [t('number'), String(event.sequence)],
    [t('address'), event.address],
    [t('userAgent'), event.userAgent],
    [t('request'), event.requestId],
    [t('target'), event.target && `${event.target.type} ${event.target.id}`],
  ];
  const values = [
    [t('before'), event.before],
    [t('after'), event.after],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <Fact key={name} label={name}>
          {value ?? '–'}
        </Fact>
      ))}
      {values.map(
        ([name, value]) =>
          value !== null &&
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <pre className="secret-value" dir="ltr">
                  {JSON.stringify(value, null, 2)}
                </pre>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** Events, the newest first; each opens with everything that is known of it. */
export function Events({ events }: { events: readonly Event[] }) {
  const t = useTranslations('audit');
  const { time } = useFigures();
  const [opened, setOpened] = useState<Event>();
  return (
    <>
      <Table
        label={t('events')}
        rows={events}
        keyOf={({ id }) => id}
        columns={[
          {
            key: 'action',
            label: t('action'),
            isName: true,
            cell: (event) => (
              <button type="button" className="link" onClick={() => setOpened(event)}>
                {event.action}
              </button>
            ),
          },
          {
            key: 'outcome',
            label: t('outcome'),
            cell: ({ outcome }) => (
              <span className={outcome === 'SUCCESS' ? 'badge badge-good' : 'badge badge-bad'}>
                {t(`outcomes.${outcome}`)}
              </span>
            ),
          },
          {
            key: 'actor',
            label: t('actor'),
            cell: ({ actor }) => <bdi>{actor.name ?? t(`kinds.${actor.kind}`)}</bdi>,
          },
          { key: 'target', label: t('target'), cell: ({ target }) => target?.type ?? '–' },
          { key: 'address', label: t('address'), cell: ({ address }) => address ?? '–' },
          { key: 'when', label: t('when'), cell: ({ occurredAt }) => time(occurredAt) },
        ]}
      />
      <Dialog isOpen={opened !== undefined} onClose={() => setOpened(undefined)} title={opened?.action ?? ''}>
        {opened && <Details event={opened} />}
      </Dialog>
    </>
  );
}
