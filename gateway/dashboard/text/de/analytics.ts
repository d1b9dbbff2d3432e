import type { Messages } from '#dashboard/text/en/index.ts';

export const analytics: Messages['analytics'] = {
  title: 'Webanalyse',
  by: {
    CHANNEL: 'Kanal',
    SOURCE_MEDIUM: 'Quelle und Medium',
    CAMPAIGN: 'Kampagne',
    LANDING_PAGE: 'Einstiegsseite',
    PAGE: 'Seite',
    EVENT: 'Ereignis',
    DEVICE: 'Gerät',
    COUNTRY: 'Land',
    ACCOUNT: 'Property',
  },
  list: 'Besuche',
  emptyAccounts: 'Verbinden Sie Google Analytics: Dann stehen hier die Besuche Ihrer Websites.',
  quality: 'Google hat einige Zahlen geschätzt oder Zeilen mit wenigen Nutzern zurückgehalten.',
};
