import type { Messages } from '#dashboard/text/en/index.ts';

export const places: Messages['places'] = {
  title: 'Standorte',
  place: 'Standort',
  address: 'Adresse',
  closed: 'Geschlossen',
  search: 'Name',
  searchHint: 'Teil eines Namens',
  list: 'Standorte',
  emptyAccounts: 'Verbinden Sie Google Business Profile: Dann stehen hier Ihre Standorte.',
};
