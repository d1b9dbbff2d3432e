import type { DailyHistory, ProviderDefinition } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { xApi } from './api.js';
import { readSettings } from './config.js';
import { NAME } from './errors.js';
import { figureFacts } from './figure-facts.js';
import { limits } from './limits.js';
import { scopes, xOAuth } from './oauth.js';
import { readPosts } from './read-posts.js';
import { readPostsById } from './read-posts-by-id.js';
import { listAccounts } from './users.js';

const description = { id: 'x', name: NAME, products: ['posts'], scopes, figureFacts };

// An access token lives two hours.
const RENEW_BEFORE_MS = 30 * 60 * 1000;

/**
 * X has no limit of age, but lists the last 3,200 posts. Figures hardly grow after a week.
 * https://docs.x.com/x-api/posts/timelines/introduction
 */
const HISTORY: DailyHistory = { kind: 'posts', restatedDays: 8, months: 60 };

export const x: ProviderDefinition = {
  ...description,
  open(tools) {
    const settings = readSettings(tools);
    if (!settings) return undefined;
    const send = openTransport(description, tools, { limits, timeoutMs: settings.timeoutMs });
    const api = xApi(settings.apiBase, send, tools.now);
    return {
      ...description,
      renewBeforeMs: RENEW_BEFORE_MS,
      ...xOAuth(settings, api, send, tools.now),
      listAccounts: (accessToken) => listAccounts(api, accessToken),
      readers: { posts: readPosts(api, tools.now), postById: readPostsById(api) },
      history: HISTORY,
    };
  },
};
