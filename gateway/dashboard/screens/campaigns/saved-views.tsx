import { Popover } from '@base-ui/react/popover';
import { Bookmark, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import type { CampaignSearch } from './use-campaign-search.ts';

const ViewList = lazy(() => import('./view-list.tsx').then((list) => ({ default: list.ViewList })));

/** Questions by name: one is shown, saved or changed. They stay relative to the day they are asked on. */
export function SavedViews({ variables }: { variables: CampaignSearch['variables'] }) {
  const t = useTranslations('campaigns');
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="button button-plain">
        <Bookmark aria-hidden size={16} />
        <span>{t('views')}</span>
        <ChevronDown aria-hidden size={16} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" sideOffset={4} align="start">
          <Popover.Popup className="popup views-popup" aria-label={t('views')}>
            <Suspense fallback={<Skeleton lines={4} />}>
              <ViewList variables={variables} onClose={() => setOpen(false)} />
            </Suspense>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
