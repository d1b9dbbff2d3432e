import { useSyncExternalStore } from 'react';

/** The languages to choose from. */
export const languages = {
  en: { locale: 'en', direction: 'ltr' },
  de: { locale: 'de', direction: 'ltr' },
  ar: { locale: 'en', direction: 'rtl' },
} as const;
export type Language = keyof typeof languages;

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

interface Preferences {
  language: Language;
  theme: Theme;
}

const KEY = 'webmetrics-preferences';
const listeners = new Set<() => void>();

function browserLanguage(): Language {
  const known = navigator.languages.map((name) => name.slice(0, 2)).find((name) => name in languages);
  return (known as Language | undefined) ?? 'en';
}

function read(): Preferences {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
  const language = kept.language && kept.language in languages ? kept.language : browserLanguage();
  return { language, theme: themes.find((theme) => theme === kept.theme) ?? 'auto' };
}

let current = read();

/** Marks the page with the theme; `auto` follows the system. */
function applyTheme(): void {
  if (current.theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current.theme;
}
applyTheme();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function changed(): void {
  current = read();
  applyTheme();
  for (const listener of listeners) listener();
}
window.addEventListener('storage', ({ key }) => {
  if (key === KEY) changed();
});

/** Returns a preference of this browser and what sets it, in every tab. */
export function usePreference<Name extends keyof Preferences>(name: Name) {
  const value = useSyncExternalStore(subscribe, () => current[name]);
  const set = (next: Preferences[Name]) => {
    localStorage.setItem(KEY, JSON.stringify({ ...current, [name]: next }));
    changed();
  };
  return [value, set] as const;
}
