import { figuresOfPost, hasPrivateFigures } from '#simulator/data/x-post-figures.js';
import type { XPost } from '#simulator/data/x-posts.js';
import type { SelectedFields } from '#simulator/x/fields.js';

/** Only the author sees these. */
const PRIVATE_GROUPS = {
  non_public_metrics: ['impression_count', 'url_link_clicks', 'user_profile_clicks', 'engagements'],
  organic_metrics: [
    'impression_count',
    'like_count',
    'reply_count',
    'retweet_count',
    'url_link_clicks',
    'user_profile_clicks',
  ],
  promoted_metrics: [
    'impression_count',
    'like_count',
    'reply_count',
    'retweet_count',
    'url_link_clicks',
    'user_profile_clicks',
  ],
} as const;

/** Returns refused private fields; no simulated post was promoted. */
export function refusedFields(post: XPost, selected: SelectedFields, viewerId: string, nowMs: number): string[] {
  const isOpen = post.authorId === viewerId && hasPrivateFigures(post, nowMs);
  return Object.entries(PRIVATE_GROUPS).flatMap(([group, names]) =>
    selected.post.has(group) && !(isOpen && group !== 'promoted_metrics')
      ? names.map((name) => `${group}.${name}`)
      : [],
  );
}

/** https://docs.x.com/fundamentals/counting-characters */
const MAX_CHARACTERS = 280;

// As on the wire: these three are entities.
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);

const isLong = ({ text }: XPost) => [...text].length > MAX_CHARACTERS;

/** Of a long post, as many whole words as `text` takes. */
function shortText(post: XPost): string {
  if (!isLong(post)) return post.text;
  const cut = [...post.text].slice(0, MAX_CHARACTERS).join('');
  return cut.slice(0, cut.lastIndexOf(' '));
}

/** Returns a post with the requested and the three default fields. */
export function printPost(
  post: XPost,
  selected: SelectedFields,
  viewerId: string,
  nowMs: number,
): Record<string, unknown> {
  const figures = figuresOfPost(post, nowMs);
  const isOpen = post.authorId === viewerId && hasPrivateFigures(post, nowMs);
  const reposts = { [selected.newNames ? 'repost_count' : 'retweet_count']: figures.reposts };
  const more: Record<string, () => unknown> = {
    author_id: () => post.authorId,
    conversation_id: () => post.conversationId,
    created_at: () => new Date(post.createdMs).toISOString(),
    display_text_range: () => [0, [...shortText(post)].length],
    entities: () => (isLong(post) ? undefined : entitiesOf(post)),
    lang: () => post.lang,
    note_tweet: () => (isLong(post) ? { text: escaped(post.text), entities: entitiesOf(post) } : undefined),
    possibly_sensitive: () => false,
    reply_settings: () => 'everyone',
    referenced_tweets: () =>
      post.referencedId === null
        ? undefined
        : [{ type: post.kind === 'repost' ? 'retweeted' : 'replied_to', id: post.referencedId }],
    public_metrics: () => ({
      ...reposts,
      reply_count: figures.replies,
      like_count: figures.likes,
      quote_count: figures.quotes,
      bookmark_count: figures.bookmarks,
      impression_count: figures.impressions,
    }),
    non_public_metrics: () =>
      isOpen
        ? {
            impression_count: figures.impressions,
            url_link_clicks: figures.linkClicks,
            user_profile_clicks: figures.profileClicks,
            engagements: figures.engagements,
          }
        : undefined,
    organic_metrics: () =>
      isOpen
        ? {
            impression_count: figures.impressions,
            like_count: figures.likes,
            reply_count: figures.replies,
            ...reposts,
            url_link_clicks: figures.linkClicks,
            user_profile_clicks: figures.profileClicks,
          }
        : undefined,
  };
  // An expansion includes the id it expands.
  const fields = new Set([...selected.post, ...(selected.expansions.has('author_id') ? ['author_id'] : [])]);
  return {
    id: post.id,
    text: escaped(shortText(post)),
    edit_history_tweet_ids: [post.id],
    ...Object.fromEntries([...fields].flatMap((field) => (more[field] ? [[field, more[field]()]] : []))),
  };
}

// Indices count code points, not UTF-16 units.
function entitiesOf({ text, link }: XPost): unknown {
  if (!link) return undefined;
  const start = [...text.slice(0, text.indexOf(link.url))].length;
  return {
    urls: [
      {
        start,
        end: start + link.url.length,
        url: link.url,
        expanded_url: link.expandedUrl,
        display_url: link.expandedUrl.replace('https://', '').slice(0, 27),
      },
    ],
  };
}
