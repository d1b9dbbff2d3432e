import { DirectionProvider } from '@base-ui/react/direction-provider';
import { type ReactNode, useEffect, useState } from 'react';
import { IntlProvider } from 'use-intl';
import type { Messages } from '#dashboard/text/en/index.ts';
import { type Language, languages, usePreference } from './preferences.ts';

declare module 'use-intl' {
  interface AppConfig {
    Messages: Messages;
  }
}

/** Arabic has the layout only: mirrored, with English messages. */
const load: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import('#dashboard/text/en/index.ts'),
  de: () => import('#dashboard/text/de/index.ts'),
  ar: () => import('#dashboard/text/en/index.ts'),
};

/** Gives what is inside its language: messages, formats and direction. Shows nothing until the messages are there. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language] = usePreference('language');
  const [loaded, setLoaded] = useState<{ language: Language; messages: Messages }>();
  useEffect(() => {
    void load[language]().then(({ messages }) => setLoaded({ language, messages }));
  }, [language]);
  const shown = loaded?.language ?? language;
  const { locale, direction } = languages[shown];
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = direction;
  }, [locale, direction]);
  if (!loaded) return null;
  return (
    <IntlProvider
      locale={locale}
      messages={loaded.messages}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      <DirectionProvider direction={direction}>{children}</DirectionProvider>
    </IntlProvider>
  );
}
