import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { Chart } from '#dashboard/kit/chart/chart.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { type Figures, figureOf, formatFigure, type Measure, numberOf } from './measure.ts';

export interface MeasureLinesProps {
  /** What the lines show, in a sentence. */
  label: string;
  /** At most four; the first two have an axis. */
  measures: readonly Measure[];
  /** A day each, the oldest first. */
  edges: readonly { node: { day?: string | null; metrics?: Figures | null } }[];
}

/** Measures day by day. `measures` and `edges` must stay the same while the figures do. Amounts are those of the first day's currency. */
export function MeasureLines({ label, measures, edges }: MeasureLinesProps) {
  const t = useTranslations('measures');
  const dayLabel = useTranslations('figures')('day');
  const formats = useFigures();
  const props = useMemo(() => {
    const days = edges.map(({ node }) => node);
    return {
      label,
      dayLabel,
      days: days.map(({ day }) => day ?? ''),
      formatDay: (day: string) => formats.day(day, 'short'),
      series: measures.map((measure) => {
        const known = days.map(({ metrics }) => figureOf(metrics, measure)).find((figure) => figure != null);
        const currency = typeof known === 'object' ? known?.currency : undefined;
        return {
          label: t(measure.key),
          values: days.map(({ metrics }) => numberOf(metrics, measure)),
          format: (value: number, isShort?: boolean) =>
            formatFigure(measure, currency ? { amount: String(value), currency } : value, formats, isShort),
        };
      }),
    };
  }, [label, dayLabel, edges, measures, formats, t]);
  return <Chart {...props} />;
}
