import { useTranslations } from 'use-intl';
import type { CampaignStatus } from '#dashboard/graph/generated/graphql.ts';

const LOOKS = { ACTIVE: 'badge-good', PAUSED: 'badge-warning', ENDED: '', OTHER: '' } as const;

/** Whether a campaign runs. */
export function StatusBadge({ status }: { status: CampaignStatus | undefined }) {
  const t = useTranslations('campaigns.statuses');
  return status ? <span className={`badge ${LOOKS[status]}`}>{t(status)}</span> : null;
}
