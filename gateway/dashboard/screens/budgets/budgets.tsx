import './budgets.css';
import { ChevronLeft, ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { BudgetRowsDocument } from '#dashboard/graph/generated/graphql.ts';
import { useHasRole } from '#dashboard/graph/me.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { ClientPicker } from '#dashboard/kit/client-picker.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useQuestion, useSearchOf } from '#dashboard/kit/use-search.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import { BudgetTable } from './budget-table.tsx';
import { MissingFigures } from './missing-figures.tsx';
import type { Budget } from './target.ts';

const schema = z.object({
  month: z.catch(z.optional(z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/))), undefined),
});

/** Returns the month before or after the one that begins with a day, as `2026-11`. */
function stepFrom(firstDay: string, step: 1 | -1): string {
  const day = new Date(`${firstDay}T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + step);
  return day.toISOString().slice(0, 7);
}

/** What may be spent in a month, what was, and where the month will end. */
export function Screen() {
  const t = useTranslations('budgets');
  const { month: inWords } = useFigures();
  const [{ client }] = useQuestion();
  const [search, change] = useSearchOf(schema);
  const isAnalyst = useHasRole('ANALYST');
  const [edited, edit] = useState<Budget | 'new'>();
  const pages = usePages(
    BudgetRowsDocument,
    {
      month: search.month && `${search.month}-01`,
      filter: client ? { clientIds: [client] } : undefined,
      first: 200,
    },
    ({ organization }) => organization?.budgets,
  );
  const month = pages.query.data?.data.organization?.budgets?.month ?? (search.month && `${search.month}-01`);
  return (
    <Page
      title={t('title')}
      text={t('text')}
      actions={
        <>
          <Button
            icon={<ChevronLeft aria-hidden size={16} className="mirrored" />}
            aria-label={t('before')}
            onClick={() => month && void change({ month: stepFrom(month, -1) })}
          />
          <output className="month" aria-live="polite">
            {inWords(month)}
          </output>
          <Button
            icon={<ChevronRight aria-hidden size={16} className="mirrored" />}
            aria-label={t('after')}
            onClick={() => month && void change({ month: stepFrom(month, 1) })}
          />
          <ClientPicker />
          {isAnalyst && (
            <Button
              look="primary"
              icon={<Plus aria-hidden size={16} />}
              aria-disabled={!month}
              onClick={() => edit('new')}
            >
              {t('create')}
            </Button>
          )}
        </>
      }
    >
      <Panel title={t('list')}>
        <Loaded query={pages.query} lines={6}>
          {() =>
            pages.items.length === 0 ? (
              <Empty title={t('emptyTitle')} text={t('emptyText')} />
            ) : (
              <>
                <BudgetTable budgets={pages.items} onEdit={edit} />
                <LoadMore list={pages} />
                <MissingFigures budgets={pages.items} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {edited && month && (
        <BudgetDialog budget={edited === 'new' ? undefined : edited} month={month} onClose={() => edit(undefined)} />
      )}
    </Page>
  );
}
