import './connections.css';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ConnectionsDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Connect } from './connect.tsx';
import type { Connection } from './connection.ts';
import { ConnectionPanel } from './connection-panel.tsx';

const COPYING_REFETCH_MS = 5_000;

/** What needs someone comes first. */
const urgency = ['RECONNECT_REQUIRED', 'FAILING', 'ACTIVE', 'DISCONNECTED'];
const byUrgency = (one: Connection, other: Connection) => urgency.indexOf(one.status) - urgency.indexOf(other.status);

const isCopying = ({ accounts }: Connection) => accounts.some(({ history }) => history?.status === 'COPYING');

/** What is connected, what is wrong with it and the one way to mend it, and how far the days of each account are copied. */
export function Screen() {
  const t = useTranslations('connections');
  const query = useQuery({
    ...ask(ConnectionsDocument, {}),
    refetchInterval: ({ state }) =>
      state.data?.data.organization?.connections?.some(isCopying) ? COPYING_REFETCH_MS : false,
  });
  const connections = query.data?.data.organization?.connections;
  return (
    <Page title={t('title')} text={t('text')} actions={<Connect />}>
      {query.data && connections ? (
        <div className="stack">
          {[...connections].sort(byUrgency).map((connection) => (
            <ConnectionPanel key={connection.id} connection={connection} />
          ))}
          {connections.length === 0 && (
            <Panel title={t('emptyTitle')}>
              <Empty title={t('emptyLead')} text={t('emptyText')} action={<Connect />} />
            </Panel>
          )}
          {query.error && <Loaded query={query}>{() => null}</Loaded>}
        </div>
      ) : (
        <Panel title={t('title')}>
          <Loaded query={query} lines={8}>
            {() => null}
          </Loaded>
        </Panel>
      )}
    </Page>
  );
}
