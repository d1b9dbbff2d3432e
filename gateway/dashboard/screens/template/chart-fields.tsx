import { ChartColumn, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '#dashboard/kit/button.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import type { ReportChartInput } from '#gateway/client/generated/types.js';
import { columnOf, kinds } from './kinds.ts';
import type { EditedSection } from './section.ts';
import { useWords } from './use-words.ts';

const types: ReportChartInput['type'][] = ['LINE', 'BAR', 'DONUT'];
const MAX_CHARTS = 5;

export interface ChartFieldsProps {
  section: EditedSection;
  onChange: (charts: ReportChartInput[]) => void;
}

/** The charts of a section: a figure of it along one of the things it is grouped by. Nothing while it is not grouped. */
export function ChartFields({ section, onChange }: ChartFieldsProps) {
  const t = useTranslations('template');
  const words = useWords();
  const charts = [...(section.charts ?? [])];
  const metrics = section.metrics?.length ? section.metrics : kinds[section.kind].metrics;
  const values = metrics.map((word) => ({ value: columnOf(word), label: words.metric(word) }));
  const axes = (section.groupBy ?? []).map((word) => ({ value: columnOf(word), label: words.dimension(word) }));
  const [value, axis] = [values[0], axes[0]];
  if (!value || !axis) return null;
  const change = (index: number, changes: Partial<ReportChartInput>) =>
    onChange(charts.map((chart, place) => (place === index ? { ...chart, ...changes } : chart)));
  return (
    <fieldset className="check-list">
      <legend className="field-label">{t('charts')}</legend>
      {charts.map((chart, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chart is its place and what it shows.
        <div key={index} className="fields">
          <Select
            label={t('chartType')}
            value={chart.type}
            options={types.map((type) => ({ value: type, label: t(`chartTypes.${type}`) }))}
            onChange={(type) => change(index, { type })}
          />
          <Select
            label={t('chartValue')}
            value={chart.value}
            options={values}
            onChange={(next) => change(index, { value: next })}
          />
          <Select label={t('chartBy')} value={chart.by} options={axes} onChange={(by) => change(index, { by })} />
          <Button
            look="quiet"
            icon={<Trash2 aria-hidden size={16} />}
            aria-label={t('removeChart', { number: index + 1 })}
            onClick={() => onChange(charts.filter((_, place) => place !== index))}
          />
        </div>
      ))}
      {charts.length < MAX_CHARTS && (
        <Button
          icon={<ChartColumn aria-hidden size={16} />}
          onClick={() => onChange([...charts, { type: 'BAR', value: value.value, by: axis.value }])}
        >
          {t('addChart')}
        </Button>
      )}
    </fieldset>
  );
}
