export const places = {
  title: 'Places',
  place: 'Place',
  address: 'Address',
  closed: 'Closed',
  search: 'Name',
  searchHint: 'Part of a name',
  list: 'Places',
  emptyAccounts: 'Connect Google Business Profile, and your places are here.',
};
