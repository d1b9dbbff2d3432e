import type { World } from '#simulator/world.js';
import type { Parameters } from './parameters.js';

const TWEET_FIELDS = [
  'article',
  'attachments',
  'author_id',
  'card_uri',
  'community_id',
  'context_annotations',
  'conversation_id',
  'created_at',
  'display_text_range',
  'edit_controls',
  'edit_history_tweet_ids',
  'entities',
  'geo',
  'id',
  'in_reply_to_user_id',
  'lang',
  'media_metadata',
  'non_public_metrics',
  'note_tweet',
  'organic_metrics',
  'possibly_sensitive',
  'promoted_metrics',
  'public_metrics',
  'referenced_tweets',
  'reply_settings',
  'scopes',
  'source',
  'suggested_source_links',
  'text',
  'withheld',
];

const USER_FIELDS = [
  'affiliation',
  'confirmed_email',
  'connection_status',
  'created_at',
  'description',
  'entities',
  'id',
  'is_identity_verified',
  'location',
  'most_recent_tweet_id',
  'name',
  'parody',
  'pinned_tweet_id',
  'profile_banner_url',
  'profile_image_url',
  'protected',
  'public_metrics',
  'receives_your_dm',
  'subscription',
  'subscription_type',
  'url',
  'username',
  'verified',
  'verified_followers_count',
  'verified_type',
  'withheld',
];

const POST_EXPANSIONS = [
  'article.cover_media',
  'article.media_entities',
  'attachments.media_keys',
  'attachments.media_source_tweet',
  'attachments.poll_ids',
  'author_id',
  'edit_history_tweet_ids',
  'entities.mentions.username',
  'geo.place_id',
  'in_reply_to_user_id',
  'entities.note.mentions.username',
  'referenced_tweets.id',
  'referenced_tweets.id.author_id',
];

const USER_EXPANSIONS = ['affiliation.user_id', 'most_recent_tweet_id', 'pinned_tweet_id'];

// No simulated post has these: their fields change nothing.
const OTHER_FIELDS = ['media.fields', 'place.fields', 'poll.fields'];

export interface SelectedFields {
  post: ReadonlySet<string>;
  user: ReadonlySet<string>;
  expansions: ReadonlySet<string>;
  /** Whether counts use the names of version 2.167. */
  newNames: boolean;
}

/** Returns the parameters of operations that return posts. */
export function postFieldParameters(world: World): string[] {
  return [...fieldParameters(world), ...OTHER_FIELDS];
}

/** Returns the parameters of operations that return users. */
export function userFieldParameters(world: World): string[] {
  return fieldParameters(world);
}

/** Reads posts' fields and expansions. */
export function readPostFields(parameters: Parameters, world: World): SelectedFields {
  return readFields(parameters, POST_EXPANSIONS, world);
}

/** Reads users' fields and expansions. */
export function readUserFields(parameters: Parameters, world: World): SelectedFields {
  return readFields(parameters, USER_EXPANSIONS, world);
}

function fieldParameters(world: World): string[] {
  return ['expansions', 'tweet.fields', ...(hasNewNames(world) ? ['post.fields'] : []), 'user.fields'];
}

function readFields(parameters: Parameters, expansions: readonly string[], world: World): SelectedFields {
  return {
    post: new Set([
      ...parameters.list('tweet.fields', TWEET_FIELDS),
      ...(hasNewNames(world) ? parameters.list('post.fields', TWEET_FIELDS) : []),
    ]),
    user: new Set(parameters.list('user.fields', USER_FIELDS)),
    expansions: new Set(parameters.list('expansions', expansions)),
    newNames: hasNewNames(world),
  };
}

function hasNewNames(world: World): boolean {
  return world.settings.xFieldNames === 'post';
}
