import type { Messages } from '#dashboard/text/en/index.ts';

export const queries: Messages['queries'] = {
  title: 'Suchanfragen',
  search: 'Suchanfrage',
  searchHint: 'Teil einer Suchanfrage',
  without: 'Ohne',
  withoutHint: 'Ihre Marke',
  by: {
    QUERY: 'Suchanfrage',
    PAGE: 'Seite',
    COUNTRY: 'Land',
    DEVICE: 'Gerät',
    ACCOUNT: 'Website',
  },
  list: 'Suchergebnisse',
  emptyAccounts: 'Verbinden Sie die Google Search Console: Dann steht hier, wonach gesucht wurde.',
};
