import { listXPosts } from '#simulator/data/x-posts.js';
import type { XUser } from '#simulator/data/x-users.js';
import type { SelectedFields } from './fields.js';

/** Returns a user with the requested and the three default fields. */
export function printUser(
  user: XUser,
  { user: fields, newNames }: SelectedFields,
  nowMs: number,
): Record<string, unknown> {
  const posts = () => listXPosts(user, nowMs);
  const more: Record<string, () => unknown> = {
    created_at: () => user.createdAt,
    description: () => user.description,
    location: () => user.location || undefined,
    url: () => user.url ?? '',
    most_recent_tweet_id: () => posts()[0]?.id,
    profile_image_url: () => `https://pbs.twimg.com/profile_images/${user.id}/${user.username}_normal.jpg`,
    protected: () => false,
    verified: () => false,
    verified_type: () => 'none',
    public_metrics: () => ({
      followers_count: user.followers,
      following_count: user.following,
      [newNames ? 'post_count' : 'tweet_count']: posts().length,
      listed_count: Math.floor(user.followers / 300),
      like_count: user.following * 7,
      media_count: 4,
    }),
  };
  return {
    id: user.id,
    name: user.name,
    username: user.username,
    ...Object.fromEntries([...fields].flatMap((field) => (more[field] ? [[field, more[field]()]] : []))),
  };
}
