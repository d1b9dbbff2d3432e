import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { ListApiKeys, RevokeApiKey } from '#gateway/client/generated/organization.js';
import type { ApiKey } from './api-key.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';

/** The keys with which programs and agents act for the organization. */
export function Screen() {
  const t = useTranslations('apiKeys');
  const tApp = useTranslations('app');
  const { time } = useFigures();
  const query = useQuery(ask(ListApiKeys, {}));
  const [isCreating, setCreating] = useState(false);
  const [rotated, setRotated] = useState<ApiKey>();
  const [revoked, setRevoked] = useState<ApiKey>();
  const create = (
    <Button look="primary" icon={<KeyRound aria-hidden size={16} />} onClick={() => setCreating(true)}>
      {t('create')}
    </Button>
  );
  const revoke = async () => {
    if (revoked) await run(RevokeApiKey, { apiKeyId: revoked.id });
    await invalidate('ListApiKeys');
  };
  return (
    <Page title={t('title')} text={t('text')} actions={create}>
      <Panel title={t('keys')}>
        <Loaded query={query} lines={4}>
          {({ organization }) => {
            const keys = organization?.apiKeys;
            if (!keys) return null;
            if (keys.length === 0) return <Empty title={t('emptyTitle')} text={t('emptyText')} />;
            return (
              <Table
                label={t('keys')}
                rows={keys}
                keyOf={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    label: t('name'),
                    isName: true,
                    cell: ({ name, isTest }) => (
                      <span className="person">
                        <bdi>{name}</bdi>
                        {isTest && <span className="badge">{t('test')}</span>}
                      </span>
                    ),
                  },
                  { key: 'prefix', label: t('prefix'), cell: ({ prefix }) => <code>{prefix}…</code> },
                  {
                    key: 'scopes',
                    label: t('scopes'),
                    cell: ({ scopes }) => <span className="wrapping">{scopes.join(', ')}</span>,
                  },
                  { key: 'used', label: t('lastUsed'), cell: ({ lastUsedAt }) => time(lastUsedAt) },
                  { key: 'expires', label: t('expires'), cell: ({ expiresAt }) => time(expiresAt) },
                  {
                    key: 'actions',
                    label: '',
                    isFigure: true,
                    cell: (key) => (
                      <RowMenu
                        label={tApp('actions', { name: key.name })}
                        actions={[
                          { label: t('rotate'), onChoose: () => setRotated(key) },
                          { label: t('revoke'), isDanger: true, onChoose: () => setRevoked(key) },
                        ]}
                      />
                    ),
                  },
                ]}
              />
            );
          }}
        </Loaded>
      </Panel>
      {isCreating && <CreateKeyDialog onClose={() => setCreating(false)} />}
      {rotated && <RotateKeyDialog apiKey={rotated} onClose={() => setRotated(undefined)} />}
      <Confirm
        isOpen={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={t('revokeTitle')}
        text={t('revokeText', { name: revoked?.name ?? '' })}
        action={t('revoke')}
        onConfirm={revoke}
      />
    </Page>
  );
}
