import { lazy, memo, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#dashboard/kit/button.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import type { ChartProps } from './lines.ts';

// Drawn again when the figures change, not when the mouse moves.
const MemoPlot = lazy(() => import('./plot.tsx').then(({ Plot }) => ({ default: memo(Plot) })));

/** What the lines are, and the figures of the day that is pointed at. */
function Legend({ series, days, formatDay, point }: ChartProps & { point: number | undefined }) {
  const day = point === undefined ? undefined : days[point];
  return (
    <ul className="legend">
      {series.map(({ label, values, format }) => {
        const value = point === undefined ? undefined : values[point];
        return (
          <li key={label}>
            <span className="legend-mark" aria-hidden />
            {label}
            {typeof value === 'number' && <output>{format(value)}</output>}
          </li>
        );
      })}
      {day && <li>{formatDay(day)}</li>}
    </ul>
  );
}

/** Lines over days, with the same figures as a table. The props must stay the same while the figures do (`useMemo`). */
export function Chart(props: ChartProps) {
  const t = useTranslations('app.table');
  const [isTable, setTable] = useState(false);
  const [point, setPoint] = useState<number>();
  const { label, dayLabel, days, series, formatDay } = props;
  const columns = [
    { key: 'day', label: dayLabel, isName: true, cell: (index: number) => formatDay(days[index] ?? '') },
    ...series.map(({ label: name, values, format }) => ({
      key: name,
      label: name,
      isFigure: true,
      cell: (index: number) => {
        const value = values[index];
        return typeof value === 'number' ? format(value) : '–';
      },
    })),
  ];
  return (
    <div className="chart">
      {isTable ? (
        <Table label={label} columns={columns} rows={days.map((_, index) => index)} keyOf={String} />
      ) : (
        <Suspense fallback={<div className="plot" />}>
          <MemoPlot {...props} onPoint={setPoint} />
        </Suspense>
      )}
      <div className="chart-foot">
        {!isTable && <Legend {...props} point={point} />}
        <Button look="quiet" className="chart-switch" onClick={() => setTable(!isTable)}>
          {isTable ? t('showChart') : t('showTable')}
        </Button>
      </div>
    </div>
  );
}
