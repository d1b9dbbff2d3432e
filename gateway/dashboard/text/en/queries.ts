export const queries = {
  title: 'Search queries',
  search: 'Query',
  searchHint: 'Part of a query',
  without: 'Without',
  withoutHint: 'Your brand',
  by: {
    QUERY: 'Query',
    PAGE: 'Page',
    COUNTRY: 'Country',
    DEVICE: 'Device',
    ACCOUNT: 'Site',
  },
  list: 'Search results',
  emptyAccounts: 'Connect Google Search Console, and what people searched for is here.',
};
