import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { Pace } from './pace.tsx';
import { type Budget, nameOf, targetKeyOf } from './target.ts';
import { useRemoveBudget } from './use-remove-budget.ts';

const shareOf = ({ spent, amount }: Budget) => Number(spent.amount) / (Number(amount.amount) || 1);

/** What a budget is for. */
function Target({ budget }: { budget: Budget }) {
  const t = useTranslations('budgets');
  const { client, account, campaigns } = budget;
  const kind = client
    ? t('client')
    : account
      ? `${t('account')}, ${account.provider.name}`
      : t('campaigns', { count: campaigns?.length ?? 0 });
  return (
    <>
      <bdi>{nameOf(budget)}</bdi> <span className="faint budget-kind">{kind}</span>
    </>
  );
}

/** The budgets of a month, those furthest over their pace first. */
export function BudgetTable({ budgets, onEdit }: { budgets: readonly Budget[]; onEdit: (budget: Budget) => void }) {
  const t = useTranslations('budgets');
  const tApp = useTranslations('app');
  const { money, ratio, count, day } = useFigures();
  const remove = useRemoveBudget(budgets);
  const isAnalyst = useHasRole('ANALYST');
  return (
    <Table
      label={t('list')}
      rows={budgets}
      keyOf={(budget) => `${targetKeyOf(budget)} ${budget.currency}`}
      columns={[
        { key: 'target', label: t('target'), isName: true, cell: (budget) => <Target budget={budget} /> },
        { key: 'amount', label: t('amount'), isFigure: true, cell: ({ amount }) => money(amount) },
        {
          key: 'spent',
          label: t('spent'),
          isFigure: true,
          cell: ({ spent, through }) => (
            <span title={through ? t('spentThrough', { day: day(through) }) : undefined}>{money(spent)}</span>
          ),
        },
        {
          key: 'share',
          label: t('share'),
          cell: (budget) => (
            <span className="budget-share">
              <meter className="share" min={0} max={1} value={Math.min(shareOf(budget), 1)} aria-label={t('share')} />
              <span>{ratio(Math.round(shareOf(budget) * 100) / 100)}</span>
            </span>
          ),
        },
        { key: 'pace', label: t('pace'), cell: ({ pace }) => <Pace pace={pace} /> },
        {
          key: 'forecast',
          label: t('forecast'),
          isFigure: true,
          cell: ({ forecast }) =>
            forecast ? (
              <span title={t('between', { low: money(forecast.low), high: money(forecast.high) })}>
                {money(forecast.amount)}
              </span>
            ) : (
              '–'
            ),
        },
        { key: 'daysLeft', label: t('daysLeft'), isFigure: true, cell: ({ daysLeft }) => count(daysLeft) },
        {
          key: 'repeats',
          label: t('repeat'),
          cell: ({ repeats }) => <span className="faint">{repeats ? t('repeats') : t('once')}</span>,
        },
        {
          key: 'actions',
          label: t('actions'),
          cell: (budget) => (
            <RowMenu
              label={tApp('actions', { name: nameOf(budget) })}
              actions={
                isAnalyst
                  ? [
                      { label: t('edit'), onChoose: () => onEdit(budget) },
                      { label: t('remove'), isDanger: true, onChoose: () => void remove(budget) },
                    ]
                  : []
              }
            />
          ),
        },
      ]}
    />
  );
}
