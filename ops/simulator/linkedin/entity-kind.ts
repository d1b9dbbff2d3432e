import type { RestCall } from './rest-call.js';
import type { RestliValue } from './restli/restli-value.js';

/** What one field of `search` may ask: any of some values, or yes or no. */
export type SearchField<Item> =
  | { of: (item: Item) => string; read: (value: RestliValue, path: string) => string }
  | { of: (item: Item) => boolean };

/** A kind of entity that can be searched and fetched, one or several at a time. */
export interface EntityKind<Item> {
  /** Everything the caller may see below this path. */
  list(call: RestCall): readonly Item[];
  /** Returns one entity; throws 404 or 403. */
  get(id: string, call: RestCall): Item;
  id(item: Item): string;
  /** The whole entity as it stands on the wire. */
  print(item: Item): Record<string, unknown>;
  search: Readonly<Record<string, SearchField<Item>>>;
}
