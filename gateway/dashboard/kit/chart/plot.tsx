import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartProps } from './lines.ts';

export interface PlotProps extends ChartProps {
  /** Called with the index of the day that is pointed at; undefined = none. */
  onPoint: (index: number | undefined) => void;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** Kept apart by lightness and hue, so that colour-blind people can tell them apart; the second is dashed as well. */
const SERIES = ['--series-1', '--series-2', '--series-3', '--series-4'];
const HEIGHT = 280;

function optionsOf({ days, series, formatDay, onPoint }: PlotProps, width: number): UPlot.Options {
  const isMirrored = document.documentElement.dir === 'rtl';
  const grid = { stroke: colour('--line'), width: 1 };
  const font = '12px system-ui, sans-serif';
  return {
    width,
    height: HEIGHT,
    padding: [12, 8, 0, 8],
    cursor: { points: { size: 8 }, y: false },
    legend: { show: false },
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
    scales: {
      x: { time: false, dir: isMirrored ? -1 : 1 },
      ...Object.fromEntries(series.map((_, index) => [`y${index}`, { range: (_plot, _min, max) => [0, max || 1] }])),
    } as UPlot.Scales,
    axes: [
      {
        stroke: colour('--faint'),
        font,
        grid: { show: false },
        ticks: { show: false },
        space: 70,
        size: 32,
        values: (_plot, splits) => splits.map((index) => (days[index] ? formatDay(days[index]) : '')),
        incrs: [1, 2, 3, 5, 7, 14, 28, 30, 60, 90],
      },
      ...series.slice(0, 2).map(({ format }, index) => ({
        scale: `y${index}`,
        side: (index === 0) === !isMirrored ? 3 : 1,
        stroke: colour('--faint'),
        font,
        size: 64,
        ticks: { show: false },
        grid: index === 0 ? grid : { show: false },
        values: (_plot: UPlot, splits: number[]) => splits.map((value) => format(value, true)),
      })),
    ],
    series: [
      {},
      ...series.map((_, index) => ({
        scale: `y${index}`,
        stroke: colour(SERIES[index] ?? '--series-1'),
        width: 2,
        ...(index === 0 ? { fill: colour('--series-1-soft') } : { dash: [6, 4] }),
        points: { show: days.length < 3 },
      })),
    ],
  };
}

/** Lines over days, drawn on a canvas: screen readers have the table beside it (`Chart`). Loaded when it is seen. */
export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const data: UPlot.AlignedData = [
      props.days.map((_, index) => index),
      ...props.series.map(({ values }) => [...values]),
    ];
    let plot: UPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new UPlot(optionsOf(props, element.clientWidth), data, element);
    };
    draw();
    const sizes = new ResizeObserver(() => plot && plot.width !== element.clientWidth && draw());
    sizes.observe(element);
    // The colours are read when it is drawn.
    const looks = new MutationObserver(draw);
    looks.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'dir'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', draw);
    return () => {
      sizes.disconnect();
      looks.disconnect();
      system.removeEventListener('change', draw);
      plot?.destroy();
    };
  }, [props]);
  return <div ref={place} className="plot" aria-hidden />;
}
