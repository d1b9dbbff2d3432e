import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { ListAlertRules } from '#gateway/client/generated/budgets.js';
import type { AlertRule } from './alert-kind.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleTable } from './rule-table.tsx';

/** What is to be alerted to. */
export function AlertRules() {
  const t = useTranslations('alerts');
  const isAnalyst = useHasRole('ANALYST');
  const [edited, edit] = useState<AlertRule | 'new'>();
  const pages = usePages(ListAlertRules, { first: 100 }, ({ organization }) => organization?.alertRules);
  const create = isAnalyst && (
    <Button icon={<Plus aria-hidden size={16} />} onClick={() => edit('new')}>
      {t('ruleCreate')}
    </Button>
  );
  return (
    <Panel title={t('rules')} text={t('rulesText')} actions={create}>
      <Loaded query={pages.query} lines={4}>
        {() =>
          pages.items.length === 0 ? (
            <Empty title={t('rulesEmptyTitle')} text={t('rulesEmpty')} />
          ) : (
            <>
              <RuleTable rules={pages.items} onEdit={isAnalyst ? edit : undefined} />
              <LoadMore list={pages} />
            </>
          )
        }
      </Loaded>
      {edited && <RuleDialog rule={edited === 'new' ? undefined : edited} onClose={() => edit(undefined)} />}
    </Panel>
  );
}
