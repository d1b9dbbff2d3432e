import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import { ProviderUnavailable } from '#integrations/errors.js';
import type { Answers, FoundOf, Product } from '#integrations/providers/products.js';
import { RateLimited } from '#runtime/errors.js';
import { currentPriority } from '#runtime/scope/priority.js';
import { askProvider } from './ask-provider.js';
import type { Answer, Question } from './question.js';
import { refusedByPlan } from './refused-by-plan.js';

const FRESH_MS = 15 * 60 * 1000;

/** Earlier answers do not stand in for withdrawn consent and other refusals. */
const isTransient = (error: Error) => error instanceof ProviderUnavailable || error instanceof RateLimited;

/** An interactive question does not join a background one, which may be refused to keep a reserve. */
function flightKeyOf({ inFlight }: Context, key: string): string {
  return currentPriority() === 'background' && !inFlight.has(key) ? `background ${key}` : key;
}

/** Asks what is not in flight yet. Returns the pending answers by key. */
function askPending<Name extends Product>(
  context: Context,
  questions: Map<string, Question<Name>>,
): Map<string, Promise<Answer<FoundOf<Name>>>> {
  const { answerCache, inFlight, services } = context;
  const flights = [...questions].map(([key, question]) => ({ key, question, flightKey: flightKeyOf(context, key) }));
  const unasked = flights.filter(({ flightKey }) => !inFlight.has(flightKey)).map(({ question }) => question);
  const asked = askProvider(context, unasked);
  return new Map(
    flights.map(({ key, question, flightKey }) => [
      key,
      inFlight.run(flightKey, async () => {
        const found = (await asked).get(question);
        if (found instanceof Error) throw found;
        const fetchedAt = services.now();
        await answerCache.store(key, found, fetchedAt);
        return { found: found as FoundOf<Name>, fetchedAt, isStale: false };
      }),
    ]),
  );
}

/**
 * Returns answers about one product of one connection: cached for 15 minutes, with one call in flight per question. An
 * answer of the last day stands in for a failing provider, none for what the organization's plan does not include.
 */
export async function answerQuestions<Name extends Product>(
  context: Context,
  { connection, questions: all }: { connection: Connection; questions: readonly Question<Name>[] },
): Promise<Answers<Question<Name>, Answer<FoundOf<Name>>>> {
  const refused = await refusedByPlan(context, all);
  const questions = all.filter((question) => !refused.has(question));
  const { answerCache, services } = context;
  const oldest = services.now().getTime() - FRESH_MS;
  const keys = new Map(questions.map((question) => [question, answerCache.keyOf(question, connection)]));
  const cached = new Map(
    await Promise.all([...keys.values()].map(async (key) => [key, await answerCache.find<Name>(key)] as const)),
  );
  const isFresh = (key: string) => (cached.get(key)?.fetchedAt.getTime() ?? 0) > oldest;
  const wanted = [...keys].filter(([, key]) => !isFresh(key));
  const pending = askPending(context, new Map(wanted.map(([question, key]) => [key, question])));
  const answerOf = async (key: string): Promise<Answer<FoundOf<Name>> | Error> => {
    const earlier = cached.get(key);
    try {
      const answer = await pending.get(key);
      return answer ?? { ...(earlier as NonNullable<typeof earlier>), isStale: false };
    } catch (error) {
      return earlier && isTransient(error as Error) ? { ...earlier, isStale: true } : (error as Error);
    }
  };
  const answered = [...keys].map(async ([question, key]) => [question, await answerOf(key)] as const);
  return new Map<Question<Name>, Answer<FoundOf<Name>> | Error>([...(await Promise.all(answered)), ...refused]);
}
