import { useTranslations } from 'use-intl';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Navigation } from './navigation.tsx';

/** The list of screens where there is no room for it beside them. */
export function SideMenu({ onClose }: { onClose: () => void }) {
  const t = useTranslations('app');
  return (
    <Dialog isOpen onClose={onClose} title={t('menu')} look="side">
      <Navigation onChoose={onClose} />
    </Dialog>
  );
}
