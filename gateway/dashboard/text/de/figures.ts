import type { Messages } from '#dashboard/text/en/index.ts';

export const figures: Messages['figures'] = {
  compared: 'verglichen mit {days}',
  day: 'Tag',
  overTime: 'Im Verlauf',
  completeness: 'Vollständigkeit',
  measure: 'Kennzahl',
  explain: 'Erklären',
  explainTitle: 'Woher diese Zahl kommt',
  explainTotal: 'Die Summe aller Zeilen',
  explainNone: 'Es ist nichts bekannt, wodurch sie sich von den Seiten der Anbieter unterschiede.',
  explainScreen: 'Beim Anbieter öffnen',
  emptyTitle: 'Keine Zahlen in diesen Tagen',
  emptyText: 'Wählen Sie andere Tage, oder suchen Sie etwas anderes.',
  groupBy: 'Gruppiert nach',
  order: 'Reihenfolge',
  unknown: 'Unbekannt',
  account: 'Konto',
  device: {
    MOBILE: 'Mobil',
    TABLET: 'Tablet',
    DESKTOP: 'Desktop',
    CONNECTED_TV: 'Fernseher',
    OTHER: 'Andere',
  },
};
