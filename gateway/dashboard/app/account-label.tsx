import { ChevronDown, CircleUser } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useMe } from '#dashboard/graph/me.ts';

/** Whose data are shown: what is inside the button of the account's menu. */
export function AccountLabel() {
  const t = useTranslations('app');
  const me = useMe();
  return (
    <>
      <span className="visually-hidden">{t('account.menu')}</span>
      <CircleUser aria-hidden size={20} />
      {me ? (
        <bdi className="account-name">{me.organization?.name ?? me.name}</bdi>
      ) : (
        <span className="skeleton account-name" aria-hidden>
          <span className="skeleton-line" />
        </span>
      )}
      <ChevronDown aria-hidden size={16} />
    </>
  );
}
