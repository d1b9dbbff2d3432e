import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useMe } from '#dashboard/graph/me.ts';
import { useFigures } from '#dashboard/kit/figures.ts';

/** Says over every screen why it has nothing, or not for long, with the link to what helps: second factor, organization, deletion. */
export function AccessNotice() {
  const t = useTranslations('app.access');
  const { time } = useFigures();
  const me = useMe();
  if (!me) return null;
  const link = (text: string, label: string, to: string) => (
    <p className="note note-warning" role="status">
      {text} <Link to={to as never}>{label}</Link>
    </p>
  );
  if (!me.organization) return me.memberships?.length === 0 && link(t('none'), t('noneLink'), '/app/account');
  const { deletionAt, requiresTwoFactor } = me.organization;
  if (requiresTwoFactor && me.hasTwoFactor === false)
    return link(t('setUp'), t('setUpLink'), '/app/account?tab=security');
  if (!deletionAt) return null;
  return link(t('deletion', { time: time(deletionAt) }), t('deletionLink'), '/app/organization');
}
