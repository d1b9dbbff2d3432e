import { Copy, Download } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { saveFile } from '#dashboard/graph/save-file.ts';
import { Button } from './button.tsx';
import { notify } from './toast.tsx';

export interface SecretProps {
  label: string;
  value: string;
  /** Its file, where it can be kept as one. */
  fileName?: string;
}

/** A secret that is shown only now, with a button that copies it. */
export function Secret({ label, value, fileName }: SecretProps) {
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
      <div className="row-actions">
        {/* Browsers have it on secure origins only. */}
        {'clipboard' in navigator && (
          <Button icon={<Copy aria-hidden size={16} />} onClick={() => void copy()}>
            {t('copy')}
          </Button>
        )}
        {fileName && (
          <Button
            icon={<Download aria-hidden size={16} />}
            onClick={() => void saveFile({ fileName, contentType: 'text/plain', response: new Response(`${value}\n`) })}
          >
            {t('download')}
          </Button>
        )}
      </div>
    </div>
  );
}
