import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { BudgetRowsDocument } from '#dashboard/graph/generated/graphql.ts';
import { useHasRole } from '#dashboard/graph/me.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { BudgetDialog } from '#dashboard/screens/budgets/budget-dialog.tsx';
import { BudgetTable } from '#dashboard/screens/budgets/budget-table.tsx';
import type { Budget } from '#dashboard/screens/budgets/target.ts';
import type { CampaignHead } from './facts.tsx';

const isFor = ({ campaigns }: Budget, id: string) => campaigns?.some((campaign) => campaign.id === id) ?? false;

/** The budgets of the current month that the campaign is in, by itself or with others. One of its own can be set. */
export function CampaignBudget({ campaign: { id, name, account } }: { campaign: CampaignHead }) {
  const t = useTranslations('campaigns');
  const tBudgets = useTranslations('budgets');
  const { month: inWords } = useFigures();
  const isAnalyst = useHasRole('ANALYST');
  const [edited, edit] = useState<Budget | 'new'>();
  const query = useQuery(ask(BudgetRowsDocument, { filter: { accountIds: [account.id] }, first: 1000 }));
  const { month, edges = [] } = query.data?.data.organization?.budgets ?? {};
  const budgets = edges.map(({ node }) => node).filter((budget) => isFor(budget, id));
  const hasOwn = budgets.some(({ campaigns }) => campaigns?.length === 1);
  const { currency } = account;
  const create = isAnalyst && month && currency && !hasOwn && (
    <Button icon={<Plus aria-hidden size={16} />} onClick={() => edit('new')}>
      {tBudgets('create')}
    </Button>
  );
  return (
    <Panel title={t('ownBudget')} text={inWords(month)} actions={create}>
      <Loaded query={query} lines={2}>
        {() =>
          budgets.length === 0 ? (
            <p className="faint">{t('noBudget')}</p>
          ) : (
            <BudgetTable budgets={budgets} onEdit={edit} />
          )
        }
      </Loaded>
      {edited && month && currency && (
        <BudgetDialog
          budget={edited === 'new' ? undefined : edited}
          fixed={{ name, currency, target: { campaignIds: [id] } }}
          month={month}
          onClose={() => edit(undefined)}
        />
      )}
    </Panel>
  );
}
