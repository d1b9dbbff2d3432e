import type { Keyv } from 'keyv';
import type { Connection } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import { ProviderUnavailable } from '#integrations/errors.js';
import type { FoundOf, Product } from '#integrations/providers/products.js';
import { RateLimited } from '#runtime/errors.js';
import { currentPriority } from '#runtime/scope/priority.js';
import { type Answer, type Asking, askProvider } from './ask-provider.js';

/** The part of the cache that holds them. */
export const ANSWERS = 'provider-answer';

const FRESH_MS = 15 * 60 * 1000;
/** How long an answer stands in for a provider that fails. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** What a provider knows, and how old that is. */
export interface Known<Found> {
  found: Found;
  fetchedAt: Date;
  /** The provider failed: this is what it said before. */
  isStale: boolean;
}

interface Kept<Found> {
  found: Found;
  /** ISO 8601. */
  fetchedAt: string;
}

/** Answers that are on their way in this process, by what was asked. */
export type Underway = Map<string, Promise<unknown>>;

type Recalled<Name extends Product> = Kept<FoundOf<Name>> | undefined;

/**
 * What is remembered belongs to an organization and one consent: after connecting again nothing from before counts, and
 * of a connection that was ended nobody asks.
 */
function keyOf<Name extends Product>(product: Name, { account, ...asked }: Asking<Name>, connection: Connection) {
  const consent = `${connection.id} ${connection.connectedAt.getTime()}`;
  return `${account.organizationId} ${consent} ${account.id} ${product} ${JSON.stringify(asked)}`;
}

/** Deletes whatever is remembered for an organization. Rejects while the cache is away: what is left ends within a day. */
export function forgetAnswers({ services }: Equipment, organizationId: string): Promise<void> {
  return services.cache.forget(ANSWERS, `${organizationId} `);
}

/** Whether what was known before may stand in: the provider fails. A consent that is gone, or a refusal, is told as it is. */
const isPassing = (error: Error) => error instanceof ProviderUnavailable || error instanceof RateLimited;

async function remember<Found>(answers: Keyv, key: string, answer: Found | Error, now: Date): Promise<Known<Found>> {
  if (answer instanceof Error) throw answer;
  await answers.set(key, { found: answer, fetchedAt: now.toISOString() } satisfies Kept<Found>, KEPT_MS);
  return { found: answer, fetchedAt: now, isStale: false };
}

/**
 * Under what an answer is on its way. Nobody who waits joins in what a job asks, which may be refused to leave something to
 * people; a job joins in anything.
 */
function flightOf(underway: Underway, key: string): string {
  const isBackground = currentPriority() === 'background' && !underway.has(key);
  return isBackground ? `background ${key}` : key;
}

/** Asks for what nobody in this process is asking for already, all of it together. Returns the answers by key. */
function askTogether<Name extends Product>(
  equipment: Equipment,
  product: Name,
  wanted: Map<string, Asking<Name>>,
): Map<string, Promise<Known<FoundOf<Name>>>> {
  const { answersUnderway, answers, services } = equipment;
  const flights = new Map([...wanted.keys()].map((key) => [key, flightOf(answersUnderway, key)]));
  const asking = [...flights].flatMap(([key, flight]) => (answersUnderway.has(flight) ? [] : key));
  const asked = askProvider(
    equipment,
    product,
    asking.map((key) => wanted.get(key) as Asking<Name>),
  );
  for (const [place, key] of asking.entries()) {
    const answer = asked
      .then((all) => remember<FoundOf<Name>>(answers, key, all[place] as Answer<Name>, services.now()))
      .finally(() => answersUnderway.delete(flights.get(key) as string));
    // Whoever waits for it hears of a failure; one nobody waits for must not end the process.
    answer.catch(() => {});
    answersUnderway.set(flights.get(key) as string, answer);
  }
  const found = [...flights].map(
    ([key, flight]) => [key, answersUnderway.get(flight) as Promise<Known<FoundOf<Name>>>] as const,
  );
  return new Map(found);
}

/**
 * Returns what the provider behind one connection knows, in the order of the questions: remembered for 15 minutes, and
 * asked once at a time however many want to know. Where the provider fails, what it said within the last day stands in.
 */
export async function askRemembered<Name extends Product>(
  equipment: Equipment,
  product: Name,
  askings: Asking<Name>[],
  connection: Connection,
): Promise<(Known<FoundOf<Name>> | Error)[]> {
  const now = equipment.services.now().getTime();
  const keys = askings.map((asking) => keyOf(product, asking, connection));
  const recalled = (await Promise.all(keys.map((key) => equipment.answers.get(key)))) as Recalled<Name>[];
  const isFresh = (kept: Recalled<Name>) => kept !== undefined && now - Date.parse(kept.fetchedAt) < FRESH_MS;
  const wanted = new Map<string, Asking<Name>>();
  for (const [place, key] of keys.entries()) {
    if (!isFresh(recalled[place])) wanted.set(key, askings[place] as Asking<Name>);
  }
  const asked = askTogether(equipment, product, wanted);
  return Promise.all(
    keys.map(async (key, place) => {
      const kept = recalled[place];
      const known = kept && { found: kept.found, fetchedAt: new Date(kept.fetchedAt) };
      const answer = asked.get(key);
      if (!answer) return { ...(known as NonNullable<typeof known>), isStale: false };
      return answer.catch((error: Error) => (known && isPassing(error) ? { ...known, isStale: true } : error));
    }),
  );
}
