import { useMutation, useQuery } from '@tanstack/react-query';
import { ImageUp } from 'lucide-react';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { client } from '#dashboard/graph/client.ts';
import { describeError, problemsByArgument, run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { RemoveLogo } from '#gateway/client/generated/reports.js';
import { type BrandingProps, brandingChanged } from './branding.ts';

/** The page's Content-Security-Policy has pictures of its own origin and `data:` only; the address of a logo needs the session. */
function readAsDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** The logo of reports: shown, replaced, and taken away. What pictures are taken, the API says. */
export function Logo({ branding, clientId, isAdmin }: BrandingProps) {
  const t = useTranslations('organization');
  const input = useRef<HTMLInputElement>(null);
  const path = clientId ? `/api/clients/${encodeURIComponent(clientId)}/logo` : '/api/branding/logo';
  const logo = branding?.logo;
  const picture = useQuery({
    queryKey: ['logo', path, logo?.hash],
    queryFn: async ({ signal }) => readAsDataUrl(await client.readFile(path, { signal })),
    enabled: Boolean(logo),
  });
  const upload = useMutation({
    mutationFn: (file: Blob) => client.replaceFile(path, file),
    onSuccess: brandingChanged,
  });
  const remove = async () => {
    await run(RemoveLogo, { clientId });
    await brandingChanged();
  };
  const problem = upload.error && (problemsByArgument(upload.error).body ?? describeError(upload.error).message);
  return (
    <Panel title={t('logo')} text={t('logoText')}>
      {logo && picture.data && (
        <p className="logo">
          <img src={picture.data} alt={t('logo')} width={logo.width} height={logo.height} />
        </p>
      )}
      {!logo && <p className="calm">{t('noLogo')}</p>}
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      {isAdmin && (
        <div className="form-buttons">
          <input
            ref={input}
            className="visually-hidden"
            type="file"
            tabIndex={-1}
            accept="image/png,image/jpeg,image/svg+xml"
            aria-label={t('chooseLogo')}
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file) upload.mutate(file);
              // The same file can be chosen again.
              target.value = '';
            }}
          />
          {logo && <Button onClick={() => void attempt(remove)}>{t('removeLogo')}</Button>}
          <Button
            look="primary"
            icon={<ImageUp aria-hidden size={16} />}
            isBusy={upload.isPending}
            onClick={() => input.current?.click()}
          >
            {t('chooseLogo')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
