import { Copy } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from './button.tsx';
import { notify } from './toast.tsx';

/** A secret that is shown only now, with a button that copies it. */
export function Secret({ label, value }: { label: string; value: string }) {
  const t = useTranslations('app.secret');
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    notify({ title: t('copied') });
  };
  return (
    <div className="secret">
      <p className="note">{t('onlyNow')}</p>
      <p className="field-label">{label}</p>
      <code className="secret-value" dir="ltr">
        {value}
      </code>
      {/* Browsers have it on secure origins only. */}
      {'clipboard' in navigator && (
        <Button icon={<Copy aria-hidden size={16} />} onClick={() => void copy()}>
          {t('copy')}
        </Button>
      )}
    </div>
  );
}
