import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { FactList } from '#dashboard/kit/facts.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { GetOrganization, RequireTwoFactor, UpdateOrganization } from '#gateway/client/generated/organization.js';
import { GetReportSummarySettings, SetReportSummary } from '#gateway/client/generated/reports.js';
import { Deletion } from './deletion.tsx';
import type { Organization } from './organization.ts';

function NameForm({ organization: { name, timeZone } }: { organization: Organization }) {
  const t = useTranslations('organization');
  const tApp = useTranslations('app');
  const form = useApiForm({ name, timeZone }, async (given) => {
    await run(UpdateOrganization, given);
    notify({ title: t('saved') });
    // Periods such as "last month" may be other days now.
    await invalidate('GetOrganization', 'GetUser');
  });
  return (
    <ApiForm form={form} submit={tApp('save')}>
      <Field label={t('name')} autoComplete="organization" {...form.field('name')} />
      <Field label={t('timeZone')} hint={t('timeZoneHint')} list="time-zones" {...form.field('timeZone')} />
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </ApiForm>
  );
}

interface SwitchPanelProps {
  title: string;
  text: string;
  isOn: boolean;
  isAdmin: boolean;
  onSwitch: () => Promise<unknown>;
}

/** A setting that is on or off. */
function SwitchPanel({ title, text, isOn, isAdmin, onSwitch }: SwitchPanelProps) {
  const t = useTranslations('organization');
  return (
    <Panel
      title={title}
      text={text}
      actions={<span className={isOn ? 'badge badge-good' : 'badge'}>{isOn ? t('isOn') : t('isOff')}</span>}
    >
      {isAdmin && (
        <div className="form-buttons">
          <Button aria-label={`${title}: ${isOn ? t('turnOff') : t('turnOn')}`} onClick={() => void attempt(onSwitch)}>
            {isOn ? t('turnOff') : t('turnOn')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function SummarySetting({ isAdmin }: { isAdmin: boolean }) {
  const t = useTranslations('organization');
  const settings = useQuery(ask(GetReportSummarySettings, {})).data?.data.organization?.reportSummary;
  if (!settings) return null;
  const onSwitch = async () => {
    await run(SetReportSummary, { isWordedByModel: !settings.isWordedByModel });
    await invalidate('GetReportSummarySettings');
  };
  return (
    <SwitchPanel
      title={t('summary')}
      text={t('summaryText')}
      isOn={settings.isWordedByModel}
      isAdmin={isAdmin}
      onSwitch={onSwitch}
    />
  );
}

/** Name and time zone, how members sign in, how summaries are worded, and the deletion. */
export function Settings({ isAdmin }: { isAdmin: boolean }) {
  const t = useTranslations('organization');
  const isOwner = useHasRole('OWNER');
  const query = useQuery(ask(GetOrganization, {}));
  return (
    <Loaded query={query} lines={8}>
      {({ organization }) => {
        if (!organization) return null;
        const { id, name, timeZone, requiresTwoFactor } = organization;
        const requireTwoFactor = async () => {
          await run(RequireTwoFactor, { isRequired: !requiresTwoFactor });
          await invalidate('GetOrganization', 'GetUser');
        };
        return (
          <div className="stack stack-narrow">
            <Panel title={t('general')}>
              {isAdmin ? (
                <NameForm key={`${id} ${name} ${timeZone}`} organization={organization} />
              ) : (
                <FactList
                  facts={[
                    [t('name'), name],
                    [t('timeZone'), timeZone],
                  ]}
                />
              )}
            </Panel>
            <SwitchPanel
              title={t('twoFactor')}
              text={t('twoFactorText')}
              isOn={requiresTwoFactor === true}
              isAdmin={isAdmin}
              onSwitch={requireTwoFactor}
            />
            <SummarySetting isAdmin={isAdmin} />
            {isOwner && <Deletion organization={organization} />}
          </div>
        );
      }}
    </Loaded>
  );
}
