import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMe } from '#dashboard/graph/me.ts';
import { ask, invalidate, run, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateAlertRule, UpdateAlertRule } from '#gateway/client/generated/budgets.js';
import { ListMembers } from '#gateway/client/generated/organization.js';
import { type AlertKind, type AlertRule, alertKinds, thresholds } from './alert-kind.ts';
import { targetsOf, type Watched, WatchedFields } from './watched.tsx';

const numberOf = (text: string) => Number(text.trim().replace(',', '.'));

/** Adds a rule, or changes its name, its threshold and whom it mails: what it watches stays. */
export function RuleDialog({ rule, onClose }: { rule?: AlertRule; onClose: () => void }) {
  const t = useTranslations('alerts');
  const tApp = useTranslations('app');
  const me = useMe();
  const members = useQuery(ask(ListMembers, { first: 1000 })).data?.data.organization?.members?.edges ?? [];
  const [kind, setKind] = useState<AlertKind>(rule?.kind ?? 'OVER_PACE');
  const [watched, setWatched] = useState<Watched>({ scope: 'everything', ids: [] });
  const [chosen, setChosen] = useState<string[] | undefined>(rule && [...rule.recipientIds]);
  // The API mails the creator when nobody is named.
  const recipientIds = chosen ?? (me ? [me.id] : []);
  const create = useMemo(() => runOnce(CreateAlertRule), []);
  const threshold = thresholds[kind];
  const form = useApiForm(
    { name: rule?.name ?? '', threshold: rule?.threshold?.toString() ?? '', watched: '' },
    async (values) => {
      const name = values.name.trim();
      const limit = threshold && values.threshold.trim() ? numberOf(values.threshold) : null;
      if (rule) await run(UpdateAlertRule, { ruleId: rule.id, name, threshold: limit, recipientIds });
      else
        await create({
          kind,
          name: name || undefined,
          threshold: limit ?? undefined,
          recipientIds,
          ...targetsOf(watched),
        });
      notify({ title: t(rule ? 'ruleChanged' : 'ruleCreated') });
      onClose();
      await invalidate('ListAlertRules');
    },
  );
  // Empty lists would be everything, which was not chosen.
  form.register('watched', {
    validate: () => rule !== undefined || watched.scope === 'everything' || watched.ids.length > 0 || t('watchedNone'),
  });
  return (
    <Dialog isOpen onClose={onClose} title={rule ? t('ruleEdit') : t('ruleCreate')} text={rule && t(`kinds.${kind}`)}>
      <ApiForm form={form} submit={rule ? tApp('save') : t('ruleCreate')} onCancel={onClose}>
        {!rule && (
          <>
            <Select
              label={t('ruleKind')}
              value={kind}
              options={alertKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
              onChange={(next) => {
                setKind(next);
                if (next === 'CONNECTION_FAILING' && watched.scope === 'campaigns')
                  setWatched({ scope: 'everything', ids: [] });
              }}
            />
            <WatchedFields
              kind={kind}
              watched={watched}
              onChange={setWatched}
              problem={form.formState.errors.watched?.message}
            />
          </>
        )}
        {threshold && (
          <Field
            label={t('ruleThreshold')}
            hint={t(threshold.hint)}
            placeholder={threshold.usual}
            inputMode="decimal"
            {...form.register('threshold', {
              validate: (text) => text.trim() === '' || numberOf(text) > 0 || t(threshold.hint),
            })}
            problem={form.formState.errors.threshold?.message}
          />
        )}
        <Field label={t('ruleName')} placeholder={t(`kinds.${kind}`)} maxLength={200} {...form.field('name')} />
        <CheckList
          label={t('recipients')}
          options={members.map(({ node: { user } }) => ({ value: user.id, label: user.name, hint: user.email }))}
          chosen={recipientIds}
          onChange={setChosen}
        />
      </ApiForm>
    </Dialog>
  );
}
