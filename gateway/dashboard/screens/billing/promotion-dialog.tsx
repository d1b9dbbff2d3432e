import { useTranslations } from 'use-intl';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ApplyPromotionCode } from '#gateway/client/generated/billing.js';

/** Gives the subscription the discount of a promotion code, from the next invoice on. */
export function PromotionDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('billing');
  const form = useApiForm({ code: '' }, async ({ code }) => {
    await run(ApplyPromotionCode, { code: code.trim() });
    notify({ title: t('promotionApplied') });
    onClose();
    await invalidate('GetSubscription');
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('promotion')} text={t('promotionText')}>
      <ApiForm form={form} submit={t('promotionApply')} onCancel={onClose}>
        <Field label={t('promotionCode')} autoComplete="off" {...form.field('code')} />
      </ApiForm>
    </Dialog>
  );
}
