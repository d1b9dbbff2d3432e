export const posts = {
  title: 'Posts',
  post: 'Post',
  posted: 'Posted',
  account: 'Profile',
  search: 'Text',
  searchHint: 'Part of a text',
  list: 'Posts',
  toDate: 'Posts of these days, with what they have achieved to date.',
  emptyAccounts: 'Connect X, and your posts are here.',
};
