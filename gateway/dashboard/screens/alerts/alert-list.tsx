import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { usePages } from '#dashboard/graph/pages.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListAlerts } from '#gateway/client/generated/budgets.js';
import { AlertTable } from './alert-table.tsx';

const PAGE_SIZE = 100;
const schema = z.object({ show: z.catch(z.enum(['raised', 'all']), 'raised') });

/** The alerts: those that are not over, or all of the last 400 days. */
export function AlertList() {
  const t = useTranslations('alerts');
  const [{ show }, change] = useSearchOf(schema);
  const state = show === 'raised' ? ('RAISED' as const) : undefined;
  const pages = usePages(ListAlerts, { state, first: PAGE_SIZE }, ({ organization }) => organization?.alerts);
  const which = (
    <Select
      label={t('show')}
      isLabelHidden
      value={show}
      options={(['raised', 'all'] as const).map((value) => ({ value, label: t(`shown.${value}`) }))}
      onChange={(next) => void change({ show: next })}
    />
  );
  return (
    <Panel title={t('alerts')} actions={which}>
      <Loaded query={pages.query} lines={8}>
        {() =>
          pages.items.length === 0 ? (
            <Empty title={t('noneTitle')} text={t('noneText')} />
          ) : (
            <>
              <AlertTable alerts={pages.items} />
              <LoadMore list={pages} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
