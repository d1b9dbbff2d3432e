const TITLES: Record<string, string> = {
  'tweet.read': 'See all the posts you can see, protected accounts included',
  'tweet.write': 'Post and repost for you',
  'tweet.moderate.write': 'Hide and unhide replies to your posts',
  'users.read': 'See any account you can see, protected accounts included',
  'users.email': 'See your email address',
  'follows.read': 'See who follows you and whom you follow',
  'follows.write': 'Follow and unfollow people for you',
  'offline.access': 'Stay connected to your account until you revoke access',
  'space.read': 'See all the Spaces you can see',
  'mute.read': 'See accounts you have muted',
  'mute.write': 'Mute and unmute accounts for you',
  'like.read': 'See posts you have liked',
  'like.write': 'Like and unlike posts for you',
  'list.read': 'See your lists',
  'list.write': 'Create and manage lists for you',
  'block.read': 'See accounts you have blocked',
  'block.write': 'Block and unblock accounts for you',
  'bookmark.read': 'See posts you have bookmarked',
  'bookmark.write': 'Bookmark posts for you',
  'dm.read': 'See your direct messages',
  'dm.write': 'Send direct messages for you',
  'media.write': 'Upload media for you',
};

/** Required for a refresh token. */
export const OFFLINE_SCOPE = 'offline.access';

/** Parses a space-separated list into distinct scopes. */
export function readScopes(text: string): string[] {
  return [...new Set(text.split(' ').filter(Boolean))];
}

/** Returns a scope's text for the consent page, if it exists. */
export function findScopeTitle(scope: string): string | undefined {
  return TITLES[scope];
}
