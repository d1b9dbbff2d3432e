import { useState } from 'react';
import { Controller } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { RemoveBranding, SetBranding } from '#gateway/client/generated/reports.js';
import { type Branding, type BrandingProps, brandingChanged } from './branding.ts';

/** Of reports without colours of their own, as `Branding` describes them. */
const DEFAULTS = { primaryColor: '#1a4fd6', accentColor: '#0b7a75' };
const languages = { en: 'English', de: 'Deutsch', ar: 'العربية' };

type Values = Record<'name' | 'primaryColor' | 'accentColor' | 'footer' | 'language', string>;

const valuesOf = (branding: Branding | undefined): Values => ({
  name: branding?.name ?? '',
  primaryColor: branding?.primaryColor ?? DEFAULTS.primaryColor,
  accentColor: branding?.accentColor ?? DEFAULTS.accentColor,
  footer: branding?.footer ?? '',
  language: branding?.language ?? '',
});

/** Name, colours, footer and language of reports. Only what was changed is sent: the rest stays as the organization's, or the default. */
export function BrandingForm({ branding, clientId, isAdmin }: BrandingProps) {
  const t = useTranslations('organization');
  const tApp = useTranslations('app');
  const [isResetting, setResetting] = useState(false);
  /** What the form began with: what somebody else changed since is a conflict, a logo is not. */
  const [base, setBase] = useState(branding);
  const initial = valuesOf(base);
  const begin = (next: Branding | undefined) => {
    setBase(next);
    form.reset(valuesOf(next));
  };
  const form = useApiForm<Values>(initial, async (values) => {
    const names = Object.keys(initial) as (keyof Values)[];
    const changed = names.filter((name) => values[name] !== initial[name]);
    const input = Object.fromEntries(changed.map((name) => [name, values[name] || null]));
    const isUnchanged = JSON.stringify(valuesOf(branding)) === JSON.stringify(initial);
    const version = (isUnchanged ? branding : base)?.version ?? 0;
    const { setBranding } = await run(SetBranding, { clientId, input, version });
    begin(setBranding?.branding);
    notify({ title: t('saved') });
    await brandingChanged();
  });
  const reset = async () => {
    await run(RemoveBranding, { clientId });
    begin(undefined);
    await brandingChanged();
  };
  return (
    <Panel title={t('look')} text={t(clientId ? 'lookOfClientText' : 'lookText')}>
      <ApiForm form={form} submit={tApp('save')}>
        <fieldset className="form bare" disabled={!isAdmin}>
          <legend className="visually-hidden">{t('look')}</legend>
          <Field label={t('brandingName')} hint={t('brandingNameHint')} {...form.field('name')} />
          <div className="fields">
            <Field
              label={t('primaryColor')}
              hint={t('primaryColorHint')}
              type="color"
              {...form.field('primaryColor')}
            />
            <Field label={t('accentColor')} hint={t('accentColorHint')} type="color" {...form.field('accentColor')} />
          </div>
          <Field label={t('footer')} {...form.field('footer')} />
          <Controller
            control={form.control}
            name="language"
            render={({ field: { value, onChange } }) => (
              <Select
                label={t('language')}
                value={value}
                options={[
                  { value: '', label: t('defaultLanguage') },
                  ...Object.entries(languages).map(([code, label]) => ({ value: code, label })),
                ]}
                onChange={onChange}
              />
            )}
          />
        </fieldset>
      </ApiForm>
      {isAdmin && branding && branding.version > 0 && (
        <button type="button" className="link" onClick={() => setResetting(true)}>
          {t('resetBranding')}
        </button>
      )}
      <Confirm
        isOpen={isResetting}
        onClose={() => setResetting(false)}
        title={t('resetBrandingTitle')}
        text={t('resetBrandingText')}
        action={t('resetBranding')}
        onConfirm={reset}
      />
    </Panel>
  );
}
