import { answerAnalytics } from './analytics.js';
import type { Call } from './call.js';
import { lookUpMe, lookUpUser, lookUpUserByName, lookUpUsers, lookUpUsersByName } from './look-up-users.js';
import { lookUpPost, lookUpPosts } from './posts/look-up-posts.js';
import { searchRecent } from './posts/search-recent.js';
import { answerMentions, answerTimeline } from './posts/timelines.js';

export type Operation =
  | 'me'
  | 'users'
  | 'users-by'
  | 'user'
  | 'user-by-name'
  | 'posts'
  | 'post'
  | 'timeline'
  | 'mentions'
  | 'analytics'
  | 'recent-search';

interface Route {
  operation: Operation;
  /** `*` is a placeholder. */
  path: string;
  readsPosts: boolean;
  answer: (call: Call) => Record<string, unknown>;
}

const routes: readonly Route[] = [
  { operation: 'me', path: '/2/users/me', readsPosts: false, answer: lookUpMe },
  { operation: 'users', path: '/2/users', readsPosts: false, answer: lookUpUsers },
  { operation: 'users-by', path: '/2/users/by', readsPosts: false, answer: lookUpUsersByName },
  { operation: 'user-by-name', path: '/2/users/by/username/*', readsPosts: false, answer: lookUpUserByName },
  { operation: 'user', path: '/2/users/*', readsPosts: false, answer: lookUpUser },
  { operation: 'timeline', path: '/2/users/*/tweets', readsPosts: true, answer: answerTimeline },
  { operation: 'mentions', path: '/2/users/*/mentions', readsPosts: true, answer: answerMentions },
  { operation: 'posts', path: '/2/tweets', readsPosts: true, answer: lookUpPosts },
  { operation: 'analytics', path: '/2/tweets/analytics', readsPosts: true, answer: answerAnalytics },
  { operation: 'recent-search', path: '/2/tweets/search/recent', readsPosts: true, answer: searchRecent },
  { operation: 'post', path: '/2/tweets/*', readsPosts: true, answer: lookUpPost },
];

/** Finds a path's operation and placeholder value. */
export function findRoute(path: string): { route: Route; placeholder: string } | null {
  for (const route of routes) {
    const [before = '', after] = route.path.split('*');
    if (after === undefined) {
      if (path === before) return { route, placeholder: '' };
    } else if (path.startsWith(before) && path.endsWith(after)) {
      const placeholder = path.slice(before.length, path.length - after.length);
      if (placeholder !== '' && !placeholder.includes('/'))
        return { route, placeholder: decodeURIComponent(placeholder) };
    }
  }
  return null;
}
