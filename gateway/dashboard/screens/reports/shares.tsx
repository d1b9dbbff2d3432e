import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { ListReportShares } from '#gateway/client/generated/reports.js';
import { ShareTable } from './share-table.tsx';

const PAGE_SIZE = 50;

/** Every link that shows a report of the organization without a login. */
export function Shares() {
  const t = useTranslations('reports');
  const list = usePages(ListReportShares, { first: PAGE_SIZE }, ({ organization }) => organization?.reportShares);
  return (
    <Panel title={t('tabs.links')} text={t('linksText')}>
      <Loaded query={list.query} lines={5}>
        {({ organization }) =>
          organization?.reportShares &&
          (list.items.length === 0 ? (
            <Empty title={t('noLinksTitle')} text={t('noLinksText')} />
          ) : (
            <>
              <ShareTable
                shares={list.items}
                name={({ report }) => (
                  <Link to={'/app/reports/$reportId' as never} params={{ reportId: report.id } as never}>
                    <bdi>{report.title}</bdi>
                  </Link>
                )}
              />
              <LoadMore list={list} />
            </>
          ))
        }
      </Loaded>
    </Panel>
  );
}
