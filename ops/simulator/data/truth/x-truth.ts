import { figuresOfPost, hasPrivateFigures } from '#simulator/data/x-post-figures.js';
import { listDeletedXPosts, listXPosts } from '#simulator/data/x-posts.js';
import { xUsers } from '#simulator/data/x-users.js';
import { people } from '#simulator/oauth/people.js';

const MS_PER_DAY = 86_400_000;

/**
 * Returns every account's posts between two UTC days, both included, newest first, with their current figures.
 * `private` is null where X no longer returns them.
 */
export function truthOfX(range: { first: number; last: number }, nowMs: number) {
  const isWithin = (ms: number) => ms >= range.first * MS_PER_DAY && ms < (range.last + 1) * MS_PER_DAY;
  return xUsers.map((user) => ({
    id: user.id,
    username: user.username,
    name: user.name,
    person: people.find((person) => person.xId === user.id)?.id ?? null,
    deletedIds: listDeletedXPosts(user, nowMs),
    posts: listXPosts(user, nowMs)
      .filter((post) => isWithin(post.createdMs))
      .map((post) => {
        const { linkClicks, profileClicks, engagements, detailExpands, follows, ...shown } = figuresOfPost(post, nowMs);
        return {
          id: post.id,
          text: post.text,
          kind: post.kind,
          createdAt: new Date(post.createdMs).toISOString(),
          public: shown,
          private: hasPrivateFigures(post, nowMs) ? { linkClicks, profileClicks, engagements } : null,
          analytics: { detailExpands, follows },
        };
      }),
  }));
}
