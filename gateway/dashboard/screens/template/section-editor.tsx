import { ArrowDown, ArrowUp, Copy, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#dashboard/kit/button.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { TextArea } from '#dashboard/kit/text-area.tsx';
import { ChartFields } from './chart-fields.tsx';
import { type Kind, kinds } from './kinds.ts';
import { type EditedSection, newSection, withoutLostCharts } from './section.ts';
import { useWords } from './use-words.ts';

const PARTS = ['tiles', 'table', 'isCompared'] as const;

export interface SectionEditorProps {
  section: EditedSection;
  index: number;
  count: number;
  /** What the API refused of it. */
  problems: readonly string[];
  onChange: (section: EditedSection) => void;
  /** Moves it by so many places. */
  onMove: (by: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

/** A section of a template: what it shows, by what, and how. */
export function SectionEditor(props: SectionEditorProps) {
  const { section, index, count, problems, onChange, onMove, onDuplicate, onRemove } = props;
  const t = useTranslations('template');
  const words = useWords();
  const { dimensions, metrics } = kinds[section.kind];
  const title = t('section', { number: index + 1, kind: t(`kinds.${section.kind}`) });
  const change = (changes: Partial<EditedSection>) => onChange({ ...section, ...changes });
  const action = (label: string, icon: ReactNode, onClick: () => void) => (
    <Button look="quiet" icon={icon} aria-label={`${label}: ${title}`} onClick={onClick} />
  );
  return (
    <Panel
      title={title}
      actions={
        <span className="row-actions">
          {index > 0 && action(t('up'), <ArrowUp aria-hidden size={16} />, () => onMove(-1))}
          {index < count - 1 && action(t('down'), <ArrowDown aria-hidden size={16} />, () => onMove(1))}
          {action(t('duplicate'), <Copy aria-hidden size={16} />, onDuplicate)}
          {count > 1 && action(t('remove'), <Trash2 aria-hidden size={16} />, onRemove)}
        </span>
      }
    >
      <div className="form">
        <div className="fields">
          <Select
            label={t('kind')}
            value={section.kind}
            options={(Object.keys(kinds) as Kind[]).map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
            // What one kind can ask, another cannot.
            onChange={(kind) => onChange({ ...newSection(kind), key: section.key, title: section.title })}
          />
          <Field
            label={t('title')}
            hint={t('titleHint')}
            value={section.title ?? ''}
            onChange={({ target }) => change({ title: target.value || null })}
          />
        </div>
        {section.kind === 'TEXT' && (
          <TextArea
            label={t('text')}
            value={section.text ?? ''}
            onChange={({ target }) => change({ text: target.value })}
          />
        )}
        <div className="fields">
          {dimensions.length > 0 && (
            <CheckList
              label={t('groupBy')}
              options={dimensions.map((word) => ({ value: word as string, label: words.dimension(word) }))}
              chosen={section.groupBy ?? []}
              onChange={(groupBy) =>
                onChange(withoutLostCharts({ ...section, groupBy: groupBy.length > 0 ? groupBy : null }))
              }
            />
          )}
          {metrics.length > 0 && (
            <CheckList
              label={t('metrics')}
              options={metrics.map((word) => ({ value: word, label: words.metric(word) }))}
              chosen={section.metrics ?? []}
              onChange={(chosen) =>
                onChange(withoutLostCharts({ ...section, metrics: chosen.length > 0 ? chosen : null }))
              }
            />
          )}
        </div>
        {section.kind !== 'TEXT' && (
          <>
            <Field
              label={t('limit')}
              hint={t('limitHint')}
              type="number"
              min={1}
              value={section.limit ? String(section.limit) : ''}
              onChange={({ target }) => change({ limit: target.value ? Number(target.value) : null })}
            />
            <CheckList
              label={t('parts')}
              options={PARTS.map((part) => ({ value: part, label: t(part) }))}
              chosen={PARTS.filter((part) => section[part] ?? true)}
              onChange={(chosen) => change(Object.fromEntries(PARTS.map((part) => [part, chosen.includes(part)])))}
            />
            <ChartFields section={section} onChange={(charts) => change({ charts })} />
          </>
        )}
        {section.filter && <p className="note">{t('filtered')}</p>}
        {problems.map((problem) => (
          <p key={problem} className="field-problem" role="alert">
            {problem}
          </p>
        ))}
      </div>
    </Panel>
  );
}
