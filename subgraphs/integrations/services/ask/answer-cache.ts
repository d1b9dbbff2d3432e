import type { Keyv } from 'keyv';
import type { Connection } from '#integrations/entities/connection.js';
import type { FoundOf, Product } from '#integrations/providers/products.js';
import type { Cache } from '#runtime/cache/cache.js';
import { parametersOf, type Question } from './question.js';

const NAMESPACE = 'provider-answer';

/** How long an answer may stand in for a failing provider. */
const KEPT_MS = 24 * 60 * 60 * 1000;

interface CachedAnswer<Found> {
  found: Found;
  /** ISO 8601. */
  fetchedAt: string;
}

/** Answers of providers, cached for a day. */
export class AnswerCache {
  readonly #cache: Cache;
  readonly #answers: Keyv;

  constructor(cache: Cache) {
    this.#cache = cache;
    this.#answers = cache.namespace(NAMESPACE, { isParsedOnce: true });
  }

  /** Names the organization and the consent: reconnecting starts anew. */
  keyOf<Name extends Product>(question: Question<Name>, { id, connectedAt }: Connection): string {
    const { account } = question;
    return `${account.organizationId} ${id} ${connectedAt.getTime()} ${account.id} ${parametersOf(question)}`;
  }

  /** What is found is shared by all readers: not to be changed. */
  async find<Name extends Product>(key: string): Promise<{ found: FoundOf<Name>; fetchedAt: Date } | undefined> {
    const cached = await this.#answers.get<CachedAnswer<FoundOf<Name>>>(key);
    return cached && { found: cached.found, fetchedAt: new Date(cached.fetchedAt) };
  }

  async store<Found>(key: string, found: Found, fetchedAt: Date): Promise<void> {
    await this.#answers.set(key, { found, fetchedAt: fetchedAt.toISOString() } satisfies CachedAnswer<Found>, KEPT_MS);
  }

  /** Rejects while the cache is down. */
  forgetOrganization(organizationId: string): Promise<void> {
    return this.#cache.forget(NAMESPACE, `${organizationId} `);
  }
}
