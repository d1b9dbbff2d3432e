export const analytics = {
  title: 'Web analytics',
  by: {
    CHANNEL: 'Channel',
    SOURCE_MEDIUM: 'Source and medium',
    CAMPAIGN: 'Campaign',
    LANDING_PAGE: 'Landing page',
    PAGE: 'Page',
    EVENT: 'Event',
    DEVICE: 'Device',
    COUNTRY: 'Country',
    ACCOUNT: 'Property',
  },
  list: 'Visits',
  emptyAccounts: 'Connect Google Analytics, and the visits of your sites are here.',
  quality: 'Google estimated some figures, or withheld rows of few users.',
};
