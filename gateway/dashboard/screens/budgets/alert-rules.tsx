import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { DeleteAlertRule, ListAlertRules } from '#gateway/client/generated/budgets.js';
import { RuleDialog } from './rule-dialog.tsx';

/** What is to be alerted to. A rule is deleted with its alerts, which cannot be taken back: that is asked for first. */
export function AlertRules() {
  const t = useTranslations('budgets');
  const tApp = useTranslations('app');
  const { count } = useFigures();
  const isAnalyst = useHasRole('ANALYST');
  const [isCreating, setCreating] = useState(false);
  const [removed, setRemoved] = useState<{ id: string; name: string }>();
  const pages = usePages(ListAlertRules, { first: 100 }, ({ organization }) => organization?.alertRules);
  return (
    <Panel
      title={t('rules')}
      text={t('rulesText')}
      actions={
        isAnalyst && (
          <Button icon={<Plus aria-hidden size={16} />} onClick={() => setCreating(true)}>
            {t('ruleCreate')}
          </Button>
        )
      }
    >
      <Loaded query={pages.query} lines={4}>
        {() =>
          pages.items.length === 0 ? (
            <Empty text={t('rulesEmpty')} />
          ) : (
            <>
              <Table
                label={t('rules')}
                rows={pages.items}
                keyOf={({ id }) => id}
                columns={[
                  { key: 'name', label: t('ruleName'), isName: true, cell: ({ name }) => <bdi>{name}</bdi> },
                  { key: 'kind', label: t('ruleKind'), cell: ({ kind }) => t(`kinds.${kind}`) },
                  {
                    key: 'targets',
                    label: t('target'),
                    cell: ({ clientIds, accountIds, campaignIds }) => {
                      const targets = clientIds.length + accountIds.length + campaignIds.length;
                      return targets === 0 ? t('ruleEverything') : t('ruleSome', { count: targets });
                    },
                  },
                  {
                    key: 'threshold',
                    label: t('ruleThreshold'),
                    isFigure: true,
                    cell: ({ threshold }) => count(threshold),
                  },
                  {
                    key: 'paused',
                    label: t('ruleState'),
                    cell: ({ isPaused }) => (
                      <span className={isPaused ? 'badge badge-warning' : 'badge badge-good'}>
                        {isPaused ? t('rulePaused') : t('ruleActive')}
                      </span>
                    ),
                  },
                  {
                    key: 'actions',
                    label: t('actions'),
                    cell: ({ id, name }) => (
                      <RowMenu
                        label={tApp('actions', { name })}
                        actions={
                          isAnalyst
                            ? [{ label: t('remove'), isDanger: true, onChoose: () => setRemoved({ id, name }) }]
                            : []
                        }
                      />
                    ),
                  },
                ]}
              />
              <LoadMore list={pages} />
            </>
          )
        }
      </Loaded>
      {isCreating && <RuleDialog onClose={() => setCreating(false)} />}
      <Confirm
        isOpen={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t('ruleRemoveOf', { name: removed?.name ?? '' })}
        text={t('ruleRemoveText')}
        action={t('remove')}
        onConfirm={async () => {
          if (!removed) return;
          await run(DeleteAlertRule, { ruleId: removed.id });
          notify({ title: t('ruleRemoved', { name: removed.name }) });
          await invalidate('ListAlertRules', 'ListAlerts');
        }}
      />
    </Panel>
  );
}
