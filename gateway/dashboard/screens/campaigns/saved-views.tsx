import { Popover } from '@base-ui/react/popover';
import { Bookmark, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { lazyPart } from '#dashboard/kit/lazy-part.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import type { CampaignSearch } from './use-campaign-search.ts';

const ViewList = lazyPart(() => import('./view-list.tsx').then((list) => list.ViewList), <Skeleton lines={4} />);

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
            <ViewList variables={variables} onClose={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
