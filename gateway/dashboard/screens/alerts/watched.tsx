import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { CampaignList } from '#dashboard/kit/campaign-list.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { ListAccounts, ListClients } from '#gateway/client/generated/connections.js';
import type { AlertKind } from './alert-kind.ts';

const scopes = ['everything', 'clients', 'accounts', 'campaigns'] as const;

/** What a rule watches: everything, or some of one kind. */
export interface Watched {
  scope: (typeof scopes)[number];
  ids: string[];
}

/** Returns what a rule watches, as arguments of `createAlertRule`. */
export function targetsOf({ scope, ids }: Watched) {
  if (scope === 'clients') return { clientIds: ids };
  if (scope === 'accounts') return { accountIds: ids };
  return scope === 'campaigns' ? { campaignIds: ids } : {};
}

export interface WatchedFieldsProps {
  kind: AlertKind;
  watched: Watched;
  onChange: (watched: Watched) => void;
  problem?: string;
}

/** Chooses the clients, accounts or campaigns that a rule watches. A connection is none of a campaign. */
export function WatchedFields({ kind, watched: { scope, ids }, onChange, problem }: WatchedFieldsProps) {
  const t = useTranslations('alerts');
  const accounts = useQuery({ ...ask(ListAccounts, {}), enabled: scope === 'accounts' }).data?.data.organization;
  const clients = useQuery({ ...ask(ListClients, { first: 1000 }), enabled: scope === 'clients' }).data?.data
    .organization;
  const offered = scopes.filter((each) => each !== 'campaigns' || kind !== 'CONNECTION_FAILING');
  const list = { chosen: ids, problem, onChange: (chosen: string[]) => onChange({ scope, ids: chosen }) };
  return (
    <>
      <Select
        label={t('watched')}
        value={scope}
        options={offered.map((value) => ({ value, label: t(`scope.${value}`) }))}
        onChange={(next) => onChange({ scope: next, ids: [] })}
      />
      {scope === 'clients' && (
        <CheckList
          {...list}
          label={t('scope.clients')}
          empty={t('none')}
          options={(clients?.clients?.edges ?? []).map(({ node: { id, name } }) => ({ value: id, label: name }))}
        />
      )}
      {scope === 'accounts' && (
        <CheckList
          {...list}
          label={t('scope.accounts')}
          empty={t('none')}
          options={(accounts?.accounts ?? []).map(({ id, name, provider }) => ({
            value: id,
            label: name,
            hint: provider.name,
          }))}
        />
      )}
      {scope === 'campaigns' && <CampaignList {...list} />}
    </>
  );
}
