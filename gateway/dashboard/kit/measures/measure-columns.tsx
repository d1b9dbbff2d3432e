import { useTranslations } from 'use-intl';
import { type Formats, useFigures } from '#dashboard/kit/figures.ts';
import type { Column } from '#dashboard/kit/table.tsx';
import { Change } from '#dashboard/kit/tile.tsx';
import { figureOf, formatFigure, type Measure, type Measured, percentOf } from './measure.ts';

export interface MeasureColumnsOptions<Row> {
  measuredOf: (row: Row) => Measured;
  /** The measure whose changes are shown, beside its figures. */
  changeOf?: string;
  /** Measures that the API cannot order by. */
  unsortable?: readonly string[];
  /** Called with the figure that is to be explained. */
  onExplain?: (row: Row, measure: Measure) => void;
}

function FigureCell({
  measure,
  measured,
  hasChange,
  formats,
  onExplain,
  title,
}: {
  measure: Measure;
  measured: Measured;
  hasChange: boolean;
  formats: Formats;
  onExplain?: () => void;
  title: string;
}) {
  const text = formatFigure(measure, figureOf(measured.metrics, measure), formats);
  return (
    <span className="with-change">
      {hasChange && <Change percent={percentOf(measured.change, measure)} isMoreBetter={measure.isMoreBetter} />}
      {onExplain ? (
        // By keyboard a row is explained by its button: a stop at every figure would be too many.
        <button type="button" className="explained" tabIndex={-1} title={title} onClick={onExplain}>
          <bdi>{text}</bdi>
        </button>
      ) : (
        <bdi>{text}</bdi>
      )}
    </span>
  );
}

/** Returns a column for each measure. */
export function useMeasureColumns<Row>(
  measures: readonly Measure[],
  options: MeasureColumnsOptions<Row>,
): Column<Row>[] {
  const t = useTranslations('measures');
  const explain = useTranslations('figures')('explain');
  const formats = useFigures();
  const { measuredOf, changeOf, unsortable = [], onExplain } = options;
  return measures.map((measure) => ({
    key: measure.key,
    label: t(measure.key),
    isFigure: true,
    isSortable: !unsortable.includes(measure.key),
    cell: (row) => (
      <FigureCell
        measure={measure}
        measured={measuredOf(row)}
        hasChange={measure.key === changeOf}
        formats={formats}
        title={explain}
        onExplain={onExplain && (() => onExplain(row, measure))}
      />
    ),
  }));
}
