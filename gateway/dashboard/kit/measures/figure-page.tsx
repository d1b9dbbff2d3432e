import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, type LoadedQuery, Panel } from '#dashboard/kit/panel.tsx';
import { PeriodPicker } from '#dashboard/kit/period-picker.tsx';
import { useRangeText } from '#dashboard/kit/range-text.ts';
import { type Source, Sources } from '#dashboard/kit/sources.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import type { Measure, Measured } from './measure.ts';
import { MeasureLines, type MeasureLinesProps } from './measure-lines.tsx';
import { MeasureTiles } from './measure-tiles.tsx';

interface Summary {
  range: { start: string; end: string };
  compared?: { start: string; end: string } | null;
  totals: Measured;
  sources: readonly Source[];
}

export interface FigurePageProps<Totals, Days> {
  title: string;
  /** Of no account are there figures, and what to do about it. */
  emptyText: string;
  tiles: readonly Measure[];
  lines: readonly Measure[];
  totals: LoadedQuery<Totals>;
  summaryOf: (data: Totals) => Summary | null | undefined;
  days: LoadedQuery<Days>;
  edgesOf: (data: Days) => MeasureLinesProps['edges'] | undefined;
  onExplain: (measure: Measure) => void;
  /** Below the completeness: what else there is to know about the figures. */
  note?: ReactNode;
  /** The rows, and what opens over the page. */
  children: ReactNode;
}

/** A screen of one kind of figures: sums with their changes, days, completeness, and the rows given as children. */
export function FigurePage<Totals, Days>(props: FigurePageProps<Totals, Days>) {
  const { title, emptyText, tiles, lines, totals, summaryOf, days, edgesOf, onExplain, note, children } = props;
  const t = useTranslations('figures');
  const summary = totals.data && summaryOf(totals.data.data);
  const text = useRangeText(summary);
  if (summary && summary.sources.length === 0)
    return (
      <Page title={title}>
        <Panel title={t('overTime')}>
          <Empty text={emptyText} />
        </Panel>
      </Page>
    );
  return (
    <Page title={title} text={text} actions={<PeriodPicker />}>
      <Loaded query={totals} lines={3}>
        {() => summary && <MeasureTiles measures={tiles} total={summary.totals} onExplain={onExplain} />}
      </Loaded>
      <div className="figures">
        <Panel title={t('overTime')} className="figures-wide">
          <Loaded query={days} lines={9}>
            {(data) => <MeasureLines label={t('overTime')} measures={lines} edges={edgesOf(data) ?? NO_EDGES} />}
          </Loaded>
        </Panel>
        <Panel title={t('completeness')}>
          <Loaded query={totals} lines={5}>
            {() => summary && <Sources sources={summary.sources} />}
          </Loaded>
          {note && <p className="note">{note}</p>}
        </Panel>
        {children}
      </div>
    </Page>
  );
}

const NO_EDGES: MeasureLinesProps['edges'] = [];
