import { useTranslations } from 'use-intl';
import type { Messages } from '#dashboard/text/en/index.ts';
import { measureOf } from './kinds.ts';

/** Returns what names the words of the API in the chosen language; those that are newer than the page are themselves. */
export function useWords() {
  const t = useTranslations('template.dimensions');
  const tMeasures = useTranslations('measures');
  return {
    dimension: (word: string) => {
      const name = word as keyof Messages['template']['dimensions'];
      return t.has(name) ? t(name) : word;
    },
    metric: (word: string) => {
      const name = measureOf(word) as keyof Messages['measures'];
      return tMeasures.has(name) ? tMeasures(name) : word;
    },
  };
}
