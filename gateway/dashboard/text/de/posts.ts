import type { Messages } from '#dashboard/text/en/index.ts';

export const posts: Messages['posts'] = {
  title: 'Beiträge',
  post: 'Beitrag',
  posted: 'Veröffentlicht',
  account: 'Profil',
  search: 'Text',
  searchHint: 'Teil eines Textes',
  list: 'Beiträge',
  toDate: 'Beiträge dieser Tage, mit allem, was sie bis heute erreicht haben.',
  emptyAccounts: 'Verbinden Sie X: Dann stehen hier Ihre Beiträge.',
};
