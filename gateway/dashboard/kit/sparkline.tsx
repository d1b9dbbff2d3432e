export interface SparklineProps {
  /** What it shows, in a sentence. */
  label: string;
  values: readonly number[];
}

const WIDTH = 96;
const HEIGHT = 24;
const EDGE = 2;

/** A line without axes, for the cell of a table: whether it goes up or down. Begins at zero. */
export function Sparkline({ label, values }: SparklineProps) {
  if (values.length < 2) return <span className="faint">–</span>;
  const highest = Math.max(...values) || 1;
  const points = values.map((value, index) => {
    const x = EDGE + (index / (values.length - 1)) * (WIDTH - 2 * EDGE);
    const y = HEIGHT - EDGE - (value / highest) * (HEIGHT - 2 * EDGE);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg className="sparkline" role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}
