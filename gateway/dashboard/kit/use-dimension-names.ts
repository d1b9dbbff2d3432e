import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { Device } from '#dashboard/graph/generated/graphql.ts';

/** Returns what names values of dimensions in the chosen language: countries by their code, devices. Unknown ones have a name, too. */
export function useDimensionNames() {
  const locale = useLocale();
  const t = useTranslations('figures');
  return useMemo(() => {
    const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
    return {
      /** A country: its ISO 3166-1 alpha-2 code, or already a name. */
      country: (country: string | null | undefined) => {
        if (!country) return t('unknown');
        return /^[A-Z]{2}$/.test(country) ? (countries.of(country) ?? country) : country;
      },
      device: (device: Device | null | undefined) => t(`device.${device ?? 'OTHER'}`),
      /** What is written by someone else. */
      text: (text: string | null | undefined) => text || t('unknown'),
    };
  }, [locale, t]);
}
