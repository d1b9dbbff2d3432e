import { X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '#dashboard/kit/button.tsx';

export interface CheckoutNoteProps {
  outcome: 'done' | 'cancelled';
  onDismiss: () => void;
}

/** How the checkout ended, until it is dismissed. */
export function CheckoutNote({ outcome, onDismiss }: CheckoutNoteProps) {
  const t = useTranslations('billing');
  const tApp = useTranslations('app');
  return (
    <div className="note checkout-note" role="status">
      <p>{t(`checkout.${outcome}`)}</p>
      <Button look="quiet" icon={<X aria-hidden size={16} />} aria-label={tApp('close')} onClick={onDismiss} />
    </div>
  );
}
