import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { SharesOfReportDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { ShareTable } from './share-table.tsx';

/** Who else can see a report: the links that show it. */
export function ReportShares({ reportId }: { reportId: string }) {
  const t = useTranslations('reports');
  const { time } = useFigures();
  const query = useQuery(ask(SharesOfReportDocument, { id: reportId }));
  return (
    <Panel title={t('tabs.links')}>
      <Loaded query={query} lines={2}>
        {({ report }) =>
          report && report.shares.length > 0 ? (
            <ShareTable shares={report.shares} name={({ createdAt }) => t('linkOf', { time: time(createdAt) })} />
          ) : (
            <p className="calm">{t('noLinks')}</p>
          )
        }
      </Loaded>
    </Panel>
  );
}
