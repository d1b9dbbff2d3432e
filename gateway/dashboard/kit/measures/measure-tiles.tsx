import { useTranslations } from 'use-intl';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Tile } from '#dashboard/kit/tile.tsx';
import { figureOf, formatFigure, type Measure, type Measured, percentOf } from './measure.ts';

export interface MeasureTilesProps {
  measures: readonly Measure[];
  total: Measured;
  /** Called with the measure whose figure is to be explained; absent = none can be. */
  onExplain?: (measure: Measure) => void;
}

/** A row of tiles: sums with their changes. */
export function MeasureTiles({ measures, total: { metrics, previous, change }, onExplain }: MeasureTilesProps) {
  const t = useTranslations('measures');
  const formats = useFigures();
  return (
    <dl className="tiles">
      {measures.map((measure) => (
        <Tile
          key={measure.key}
          label={t(measure.key)}
          value={formatFigure(measure, figureOf(metrics, measure), formats, true)}
          exact={formatFigure(measure, figureOf(metrics, measure), formats)}
          before={previous ? formatFigure(measure, figureOf(previous, measure), formats, true) : undefined}
          percent={percentOf(change, measure)}
          isMoreBetter={measure.isMoreBetter}
          onExplain={onExplain && (() => onExplain(measure))}
        />
      ))}
    </dl>
  );
}
