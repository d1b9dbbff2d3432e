import { seededNumber } from './seeded-number.js';
import type { XPost } from './x-posts.js';

export interface PostFigures {
  impressions: number;
  likes: number;
  replies: number;
  reposts: number;
  quotes: number;
  bookmarks: number;
  linkClicks: number;
  profileClicks: number;
  detailExpands: number;
  follows: number;
  /** All of the above except impressions and follows. */
  engagements: number;
}

const MS_PER_MINUTE = 60_000;
/** Minutes after which a post has half of its final figures. */
const HALF_LIFE = 600;
const MS_PER_DAY = 86_400_000;
const PRIVATE_DAYS = 30;

/** Returns a post's figures, which only grow with its age. */
export function figuresOfPost(post: XPost, atMs: number): PostFigures {
  const minutes = Math.max(0, Math.floor((atMs - post.createdMs) / MS_PER_MINUTE));
  const soFar = (total: number) => Math.floor((total * minutes) / (minutes + HALF_LIFE));
  const share = (salt: number, perTenThousand: number) =>
    soFar(Math.floor((post.reach * seededNumber(post.seed, salt, perTenThousand + 1)) / 10_000));
  const counted = {
    likes: share(40, 420),
    replies: share(41, 60),
    quotes: share(43, 20),
    bookmarks: share(44, 50),
    linkClicks: post.link ? share(45, 240) : 0,
    profileClicks: share(46, 90),
    detailExpands: share(47, 300),
  };
  // A repost shows the original's reposts only.
  const reposts = post.kind === 'repost' ? 1 + seededNumber(post.seed, 48, 900) : share(42, 110);
  const engagements = Object.values(counted).reduce((sum, count) => sum + count, 0);
  return {
    ...counted,
    reposts,
    impressions: soFar(post.reach),
    follows: share(49, 8),
    engagements: post.kind === 'repost' ? 0 : engagements + reposts,
  };
}

/** Whether the author sees private metrics: for thirty days, never of a repost. */
export function hasPrivateFigures(post: XPost, nowMs: number): boolean {
  return post.kind !== 'repost' && nowMs - post.createdMs <= PRIVATE_DAYS * MS_PER_DAY;
}
