import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import type { Messages } from '#dashboard/text/en/index.ts';
import { CreateAlertRule } from '#gateway/client/generated/budgets.js';

type AlertKind = keyof Messages['budgets']['kinds'];

/** What the threshold of a kind is in, and what it is by default; null = it has none. */
const THRESHOLDS: Record<AlertKind, { hint: 'hintPercent' | 'hintSpread'; usual: string } | null> = {
  OVER_PACE: { hint: 'hintPercent', usual: '10' },
  UNDER_PACE: { hint: 'hintPercent', usual: '10' },
  SPEND_UNUSUAL: { hint: 'hintSpread', usual: '3' },
  CPA_UNUSUAL: { hint: 'hintSpread', usual: '3' },
  NOTHING_SPENT: null,
  TRACKING_GONE: null,
  CONNECTION_FAILING: null,
};
const kinds = Object.keys(THRESHOLDS) as AlertKind[];

const numberOf = (text: string) => Number(text.trim().replace(',', '.'));

/** Adds a rule that watches the whole organization and mails its creator. */
export function RuleDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('budgets');
  const [kind, setKind] = useState<AlertKind>('OVER_PACE');
  const threshold = THRESHOLDS[kind];
  const form = useApiForm({ name: '', threshold: '' }, async (values) => {
    await run(CreateAlertRule, {
      kind,
      name: values.name.trim() || undefined,
      threshold: threshold && values.threshold ? numberOf(values.threshold) : undefined,
    });
    notify({ title: t('ruleCreated') });
    onClose();
    await invalidate('ListAlertRules');
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('ruleCreate')} text={t('ruleEverything')}>
      <ApiForm form={form} submit={t('ruleCreate')} onCancel={onClose}>
        <Select
          label={t('ruleKind')}
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChange={setKind}
        />
        {threshold && (
          <Field
            label={t('ruleThreshold')}
            hint={t(threshold.hint)}
            placeholder={threshold.usual}
            inputMode="decimal"
            {...form.register('threshold', {
              validate: (text) => text === '' || numberOf(text) > 0 || t(threshold.hint),
            })}
            problem={form.formState.errors.threshold?.message}
          />
        )}
        <Field label={t('ruleName')} placeholder={t(`kinds.${kind}`)} maxLength={200} {...form.field('name')} />
      </ApiForm>
    </Dialog>
  );
}
