import { useTranslations } from 'use-intl';

/** Returns a word of a provider as words: `NEW_KIND` is `New kind`. */
export function inWords(word: string): string {
  if (!/^[A-Z0-9_]+$/.test(word)) return word;
  const words = word.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns what reads the words that providers have for kinds and objectives: those we know in the chosen language, others as words. */
export function useProviderWords(): (word: string) => string {
  const t = useTranslations('campaigns.words');
  return (word) => (t.has(word as never) ? t(word as never) : inWords(word));
}
