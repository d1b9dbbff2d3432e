import { ArrowDownRight, ArrowUpRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFigures } from './figures.ts';

export interface ChangeProps {
  percent: number | null | undefined;
  /** Whether more is better; undefined = neither, as of cost. */
  isMoreBetter?: boolean;
}

/** A change in percent: by sign, arrow and colour, never by colour alone. */
export function Change({ percent, isMoreBetter }: ChangeProps) {
  const t = useTranslations('app.tile');
  const { change } = useFigures();
  if (typeof percent !== 'number') return null;
  // What is shown as no change is none.
  const rounded = Math.round(percent * 10) / 10;
  const isUp = rounded > 0;
  const tone = rounded === 0 || isMoreBetter === undefined ? 'neutral' : isUp === isMoreBetter ? 'good' : 'bad';
  const Arrow = isUp ? ArrowUpRight : ArrowDownRight;
  return (
    <span className={`change change-${tone}`}>
      {rounded !== 0 && <Arrow aria-label={isUp ? t('up') : t('down')} size={14} />}
      <bdi>{change(rounded)}</bdi>
    </span>
  );
}

export interface TileProps extends ChangeProps {
  label: string;
  value: string;
  /** The same without rounding, shown on hover. */
  exact?: string;
  before?: string;
  /** Explains where the figure comes from; absent = it cannot be explained. */
  onExplain?: () => void;
}

/** One figure with its change. */
export function Tile({ label, value, exact, before, onExplain, ...change }: TileProps) {
  const t = useTranslations('app.tile');
  return (
    <div className="tile">
      <dt>{label}</dt>
      <dd className="tile-value" title={exact}>
        {onExplain ? (
          <button type="button" className="explained" onClick={onExplain}>
            <bdi>{value}</bdi>
            <span className="visually-hidden">, {t('explain')}</span>
          </button>
        ) : (
          <bdi>{value}</bdi>
        )}
      </dd>
      <dd className="tile-change">
        <Change {...change} />
        {before && <span className="faint">{t('before', { value: before })}</span>}
      </dd>
    </div>
  );
}
