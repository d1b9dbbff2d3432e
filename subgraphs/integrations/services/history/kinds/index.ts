import type { HistoryKind } from '#integrations/providers/provider.js';
import { analytics } from './analytics.js';
import { campaigns } from './campaigns.js';
import type { CopiedKind } from './copied-kind.js';
import { places } from './places.js';
import { posts } from './posts.js';
import { search } from './search.js';

/** What is copied by day, by the name that providers give it in `history.kind`. */
export const copiedKinds: Record<HistoryKind, CopiedKind> = {
  analytics: analytics as CopiedKind,
  campaigns: campaigns as CopiedKind,
  search: search as CopiedKind,
  places: places as CopiedKind,
  posts: posts as CopiedKind,
};

/** The tables with figures by day. */
export const figureTables: readonly string[] = Object.values(copiedKinds).flatMap(({ tables }) => tables);
