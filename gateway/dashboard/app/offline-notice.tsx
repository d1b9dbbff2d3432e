import { onlineManager } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';

const subscribe = (listener: () => void) => onlineManager.subscribe(listener);

/** Says that the browser has no connection: queries wait until it is back. */
export function OfflineNotice() {
  const t = useTranslations('app.states');
  const isOnline = useSyncExternalStore(subscribe, () => onlineManager.isOnline());
  if (isOnline) return null;
  return (
    <p className="offline" role="status">
      <WifiOff aria-hidden size={16} />
      {t('offline')}
    </p>
  );
}
