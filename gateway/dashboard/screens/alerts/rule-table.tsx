import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { DeleteAlertRule, UpdateAlertRule } from '#gateway/client/generated/budgets.js';
import type { AlertRule } from './alert-kind.ts';

export interface RuleTableProps {
  rules: readonly AlertRule[];
  /** Absent = they are only read. */
  onEdit?: (rule: AlertRule) => void;
}

/** The rules, and what can be done with each. One is deleted with its alerts, which cannot be taken back: that is asked first. */
export function RuleTable({ rules, onEdit }: RuleTableProps) {
  const t = useTranslations('alerts');
  const tApp = useTranslations('app');
  const { count } = useFigures();
  const [removed, setRemoved] = useState<AlertRule>();
  const setPaused = ({ id, name }: AlertRule, isPaused: boolean): Promise<void> =>
    attempt(() => run(UpdateAlertRule, { ruleId: id, isPaused }), {
      done: t(isPaused ? 'rulePausedNow' : 'ruleResumedNow', { name }),
      failed: t('failed'),
      refresh: ['ListAlertRules'],
    });
  const remove = async (): Promise<void> => {
    if (!removed) return;
    await run(DeleteAlertRule, { ruleId: removed.id });
    notify({ title: t('ruleRemoved', { name: removed.name }) });
    await invalidate('ListAlertRules', 'ListAlerts');
  };
  return (
    <>
      <Table
        label={t('rules')}
        rows={rules}
        keyOf={({ id }) => id}
        columns={[
          { key: 'name', label: t('ruleName'), isName: true, cell: ({ name }) => <bdi>{name}</bdi> },
          { key: 'kind', label: t('ruleKind'), cell: ({ kind }) => t(`kinds.${kind}`) },
          {
            key: 'targets',
            label: t('watched'),
            cell: ({ clientIds, accountIds, campaignIds }) => {
              if (clientIds.length > 0) return t('someClients', { count: clientIds.length });
              if (accountIds.length > 0) return t('someAccounts', { count: accountIds.length });
              return campaignIds.length > 0 ? t('someCampaigns', { count: campaignIds.length }) : t('scope.everything');
            },
          },
          { key: 'threshold', label: t('ruleThreshold'), isFigure: true, cell: ({ threshold }) => count(threshold) },
          {
            key: 'recipients',
            label: t('recipients'),
            isFigure: true,
            cell: ({ recipientIds }) => count(recipientIds.length),
          },
          {
            key: 'paused',
            label: t('state'),
            cell: ({ isPaused }) => (
              <span className={isPaused ? 'badge badge-warning' : 'badge badge-good'}>
                {isPaused ? t('rulePaused') : t('ruleActive')}
              </span>
            ),
          },
          {
            key: 'actions',
            label: '',
            isFigure: true,
            cell: (rule) =>
              onEdit && (
                <RowMenu
                  label={tApp('actions', { name: rule.name })}
                  actions={[
                    { label: t('edit'), onChoose: () => onEdit(rule) },
                    {
                      label: rule.isPaused ? t('resume') : t('pause'),
                      onChoose: () => void setPaused(rule, !rule.isPaused),
                    },
                    { label: t('remove'), isDanger: true, onChoose: () => setRemoved(rule) },
                  ]}
                />
              ),
          },
        ]}
      />
      <Confirm
        isOpen={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t('ruleRemoveOf', { name: removed?.name ?? '' })}
        text={t('ruleRemoveText')}
        action={t('remove')}
        onConfirm={remove}
      />
    </>
  );
}
