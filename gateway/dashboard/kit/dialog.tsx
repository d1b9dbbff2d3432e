import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';

export interface DialogProps {
  isOpen: boolean;
  /** Absent = it cannot be closed, only completed. */
  onClose?: () => void;
  title: string;
  text?: ReactNode;
  /** `side`: along the edge where lines begin, as for navigation. */
  look?: 'center' | 'side';
  children: ReactNode;
}

/** A dialog over the page, which keeps the focus until it is closed and gives it back then. */
export function Dialog({ isOpen, onClose, title, text, look = 'center', children }: DialogProps) {
  const t = useTranslations('app');
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose?.()} disablePointerDismissal={!onClose}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup className={`dialog dialog-${look}`}>
          <div className="dialog-head">
            <BaseDialog.Title className="dialog-title">{title}</BaseDialog.Title>
            {onClose && (
              <BaseDialog.Close className="button button-quiet" aria-label={t('close')}>
                <X aria-hidden size={18} />
              </BaseDialog.Close>
            )}
          </div>
          {text && <BaseDialog.Description className="dialog-text">{text}</BaseDialog.Description>}
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
