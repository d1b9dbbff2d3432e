import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { CampaignList } from '#dashboard/kit/campaign-list.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { ListAccounts, ListClients } from '#gateway/client/generated/connections.js';

const kinds = ['client', 'account', 'campaigns'] as const;
type Kind = (typeof kinds)[number];

interface Option {
  value: string;
  label: string;
  /** Of its accounts: a budget is for those of one. */
  currencies: string[];
}

/** Accounts with a currency have something to spend. */
function useOptions() {
  const accounts = useQuery(ask(ListAccounts, {})).data?.data.organization?.accounts ?? [];
  const clients = useQuery(ask(ListClients, { first: 1000 })).data?.data.organization?.clients?.edges ?? [];
  const currencyOf = new Map(accounts.map(({ id, currency }) => [id, currency]));
  const known = (currencies: (string | null | undefined)[]) => [
    ...new Set(currencies.filter((currency) => currency != null)),
  ];
  const withCurrency = ({ currencies }: Option) => currencies.length > 0;
  const options = {
    client: clients.map(({ node: { id, name, accounts: own } }) => ({
      value: id,
      label: name,
      currencies: known(own.map((account) => currencyOf.get(account.id))),
    })),
    account: accounts.map(({ id, name, provider, currency }) => ({
      value: id,
      label: `${name} · ${provider.name}`,
      currencies: known([currency]),
    })),
  };
  return {
    client: options.client.filter(withCurrency),
    account: options.account.filter(withCurrency),
    currencies: known(accounts.map(({ currency }) => currency)),
  };
}

/** Returns what was chosen, as arguments of `setBudget`; undefined while it is nothing. */
function targetOf(kind: Kind, id: string | undefined, campaignIds: string[]) {
  if (kind === 'campaigns') return campaignIds.length > 0 ? { campaignIds } : undefined;
  return id === undefined ? undefined : kind === 'client' ? { clientId: id } : { accountId: id };
}

/** What a new budget is for, as it is being chosen; by default the first of each, and no campaigns. */
export function useTargetChoice() {
  const { currencies: all, ...options } = useOptions();
  const [campaignIds, setCampaignIds] = useState<string[]>([]);
  const [chosenKind, setKind] = useState<Kind>();
  const [id, setId] = useState<string>();
  const [chosenCurrency, setCurrency] = useState<string>();
  const kind = chosenKind ?? (options.client.length > 0 ? 'client' : 'account');
  const offered = kind === 'campaigns' ? [] : options[kind];
  const option = offered.find(({ value }) => value === id) ?? offered[0];
  const currencies = kind === 'campaigns' ? all : (option?.currencies ?? []);
  const currency = currencies.find((each) => each === chosenCurrency) ?? currencies[0];
  return {
    kind,
    setKind,
    options: offered,
    option,
    setId,
    currencies,
    currency,
    setCurrency: (next: string) => {
      setCurrency(next);
      setCampaignIds([]);
    },
    campaignIds,
    setCampaignIds,
    target: targetOf(kind, option?.value, campaignIds),
  };
}
export type TargetChoice = ReturnType<typeof useTargetChoice>;

/** Chooses a client, an account or campaigns, and the currency where there are several. */
export function TargetFields({ choice, problem }: { choice: TargetChoice; problem?: string }) {
  const t = useTranslations('budgets');
  const { kind, setKind, options, option, setId, currencies, currency, setCurrency } = choice;
  return (
    <>
      <Select
        label={t('kind')}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={setKind}
      />
      {kind !== 'campaigns' &&
        (option ? (
          <Select label={t(kind)} value={option.value} options={options} onChange={setId} />
        ) : (
          <p className="faint">{t('chooseNone')}</p>
        ))}
      {currency && currencies.length > 1 && (
        <Select
          label={t('currency')}
          value={currency}
          options={currencies.map((value) => ({ value, label: value }))}
          onChange={setCurrency}
        />
      )}
      {kind === 'campaigns' && (
        <CampaignList
          currency={currency}
          chosen={choice.campaignIds}
          onChange={choice.setCampaignIds}
          problem={problem}
        />
      )}
    </>
  );
}
