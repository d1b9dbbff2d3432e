import { CalendarPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { useHasRole } from '#dashboard/graph/me.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListReportSchedules } from '#gateway/client/generated/reports.js';
import { Deliveries } from './deliveries.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { ScheduleTable } from './schedule-table.tsx';

const PAGE_SIZE = 50;
const schema = z.object({ schedule: z.catch(z.optional(z.string()), undefined) });

/** The reports that are made and mailed by themselves. */
export function Schedules() {
  const t = useTranslations('reports');
  const [isOpen, setOpen] = useState(false);
  const [{ schedule: shownId }, change] = useSearchOf(schema);
  const mayEdit = useHasRole('ANALYST');
  const list = usePages(ListReportSchedules, { first: PAGE_SIZE }, ({ organization }) => organization?.reportSchedules);
  const create = mayEdit && (
    <Button icon={<CalendarPlus aria-hidden size={16} />} onClick={() => setOpen(true)}>
      {t('newSchedule')}
    </Button>
  );
  const shown = list.items.find(({ id }) => id === shownId);
  return (
    <div className="stack">
      <Panel title={t('tabs.schedules')} text={t('schedulesText')} actions={create}>
        <Loaded query={list.query} lines={5}>
          {({ organization }) =>
            organization?.reportSchedules &&
            (list.items.length === 0 ? (
              <Empty title={t('noSchedulesTitle')} text={t('noSchedulesText')} />
            ) : (
              <>
                <ScheduleTable
                  schedules={list.items}
                  mayEdit={mayEdit}
                  shownId={shownId}
                  onShow={(schedule) => void change({ schedule })}
                />
                <LoadMore list={list} />
              </>
            ))
          }
        </Loaded>
        {isOpen && <ScheduleDialog onClose={() => setOpen(false)} />}
      </Panel>
      {shown && <Deliveries key={shown.id} schedule={shown} mayEdit={mayEdit} />}
    </div>
  );
}
