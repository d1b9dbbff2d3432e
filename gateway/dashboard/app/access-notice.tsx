import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { GetUser } from '#gateway/client/generated/authentication.js';

/** Says over every screen why it has nothing, or not for long, with the link to what helps: second factor, organization, deletion. */
export function AccessNotice() {
  const t = useTranslations('app.access');
  const { time } = useFigures();
  const answer = useQuery(ask(GetUser, {})).data;
  const me = answer?.data.me;
  if (!me) return null;
  const mustSetUp = answer.errors.some(({ extensions }) => extensions?.code === 'TWO_FACTOR_SETUP_REQUIRED');
  const link = (text: string, label: string, to: string) => (
    <p className="note note-warning" role="status">
      {text} <Link to={to as never}>{label}</Link>
    </p>
  );
  if (mustSetUp) return link(t('setUp'), t('setUpLink'), '/app/account?tab=security');
  if (!me.organization) return answer.errors.length === 0 && link(t('none'), t('noneLink'), '/app/account');
  const { deletionAt } = me.organization;
  if (!deletionAt) return null;
  return link(t('deletion', { time: time(deletionAt) }), t('deletionLink'), '/app/organization');
}
