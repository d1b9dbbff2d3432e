import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { Select } from '#dashboard/kit/select.tsx';
import { ListAccounts, ListClients } from '#gateway/client/generated/connections.js';

const kinds = ['client', 'account'] as const;
type Kind = (typeof kinds)[number];

interface Option {
  value: string;
  label: string;
  /** Of its accounts: a budget is for those of one. */
  currencies: string[];
}

/** Accounts with a currency have something to spend. */
function useOptions(): Record<Kind, Option[]> {
  const accounts = useQuery(ask(ListAccounts, {})).data?.data.organization?.accounts ?? [];
  const clients = useQuery(ask(ListClients, { first: 1000 })).data?.data.organization?.clients?.edges ?? [];
  const currencyOf = new Map(accounts.map(({ id, currency }) => [id, currency]));
  const known = (currencies: (string | null | undefined)[]) => [
    ...new Set(currencies.filter((currency) => currency != null)),
  ];
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
  const withCurrency = ({ currencies }: Option) => currencies.length > 0;
  return { client: options.client.filter(withCurrency), account: options.account.filter(withCurrency) };
}

/** What a new budget is for, as it is being chosen; by default the first of each. */
export function useTargetChoice() {
  const options = useOptions();
  const [chosenKind, setKind] = useState<Kind>();
  const [id, setId] = useState<string>();
  const [chosenCurrency, setCurrency] = useState<string>();
  const kind = chosenKind ?? (options.client.length > 0 ? 'client' : 'account');
  const option = options[kind].find(({ value }) => value === id) ?? options[kind][0];
  const currencies = option?.currencies ?? [];
  const currency = currencies.find((each) => each === chosenCurrency) ?? currencies[0];
  const target = option && (kind === 'client' ? { clientId: option.value } : { accountId: option.value });
  return { kind, setKind, options: options[kind], option, setId, currencies, currency, setCurrency, target };
}
export type TargetChoice = ReturnType<typeof useTargetChoice>;

/** Chooses a client or an account, and the currency where there are several. */
export function TargetFields({ choice }: { choice: TargetChoice }) {
  const t = useTranslations('budgets');
  const { kind, setKind, options, option, setId, currencies, currency, setCurrency } = choice;
  return (
    <>
      <Select
        label={t('kind')}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(value) }))}
        onChange={setKind}
      />
      {option ? (
        <Select label={t(kind)} value={option.value} options={options} onChange={setId} />
      ) : (
        <p className="faint">{t('chooseNone')}</p>
      )}
      {currency && currencies.length > 1 && (
        <Select
          label={t('currency')}
          value={currency}
          options={currencies.map((value) => ({ value, label: value }))}
          onChange={setCurrency}
        />
      )}
    </>
  );
}
