import type { Account } from '#integrations/entities/account.js';
import type { Access, Equipment } from '#integrations/equipment.js';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import type { FoundOf, Product, QuestionOf, Reader } from '#integrations/providers/products.js';
import { recordFailure } from '#integrations/services/health/record-connection-fault.js';
import { recordOutcomes } from '#integrations/services/health/record-outcomes.js';
import { openAccess } from '#integrations/services/tokens/open-access.js';
import { renewTokens } from '#integrations/services/tokens/renew-tokens.js';
import { requireReconnect } from '#integrations/services/tokens/require-reconnect.js';
import { secondRefusal } from '#integrations/services/tokens/second-refusal.js';
import { currentScope, withScope } from '#runtime/scope/scope.js';

/** A question as services ask it: about a row of ours. */
export type Asking<Name extends Product> = Omit<QuestionOf<Name>, 'account'> & { account: Account };

export type Answer<Name extends Product> = FoundOf<Name> | Error;

interface Asked<Name extends Product> {
  /** What the answers were got with: its connection is the row as it is now. */
  access: Access;
  answers: Answer<Name>[];
}

/** Asks accounts that are not left alone because they fail; of the others the answer is when to try again. */
function read<Name extends Product>(
  { breaker }: Equipment,
  { connection, provider, tokens }: Access,
  product: Name,
  questions: QuestionOf<Name>[],
): Promise<Answer<Name>[]> {
  const reader = provider.readers[product] as Reader<QuestionOf<Name>, FoundOf<Name>> | undefined;
  if (!reader) return Promise.resolve(questions.map(() => new Error(`${provider.id} has no ${product}`)));
  const { organizationId, id: connectionId } = connection;
  return breaker.guard<Answer<Name>>(
    { organizationId, providerId: provider.id, connectionId },
    {
      accountIds: questions.map(({ account }) => account.externalId),
      ask: (places, isProbing) => {
        const customer = { organizationId, connectionId, isProbing };
        const some = places.map((place) => questions[place] as QuestionOf<Name>);
        return withScope({ ...currentScope(), customer }, () => reader(tokens.accessToken, some));
      },
      refuse: (retryAfter) =>
        new ProviderUnavailable(provider.name, 'has failed again and again and is left alone for a while', {
          retryAfter,
        }),
    },
  );
}

/** Asks once more, with a renewed token, what was refused with the first one. Refused again, the person is needed. */
async function askAgain<Name extends Product>(
  equipment: Equipment,
  before: Access,
  product: Name,
  questions: QuestionOf<Name>[],
): Promise<Asked<Name>> {
  try {
    const isOld = ({ version }: Access['connection']) => version <= before.connection.version;
    const access = await renewTokens(equipment, before.connection, isOld);
    const answers = await read(equipment, access, product, questions);
    const isGone = (answer: unknown) => answer instanceof TokenRefused;
    return {
      access,
      answers: answers.map((answer) =>
        isGone(answer) ? secondRefusal(access.provider.name, answer as TokenRefused) : answer,
      ),
    };
  } catch (error) {
    return { access: before, answers: questions.map(() => error as Error) };
  }
}

async function ask<Name extends Product>(
  equipment: Equipment,
  access: Access,
  product: Name,
  questions: QuestionOf<Name>[],
): Promise<Asked<Name>> {
  const answers = await read(equipment, access, product, questions);
  const refused = questions.filter((_, place) => answers[place] instanceof TokenRefused);
  if (refused.length === 0) return { access, answers };
  const again = await askAgain(equipment, access, product, refused);
  const late = again.answers.values();
  const merged = answers.map((answer) => (answer instanceof TokenRefused ? (late.next().value as Error) : answer));
  return { access: again.access, answers: merged };
}

/** One account that refuses what the others take says nothing about the connection; all of them do. */
async function record<Name extends Product>(
  equipment: Equipment,
  { access, answers }: Asked<Name>,
  product: Name,
  askings: Asking<Name>[],
): Promise<void> {
  const [first] = answers;
  const isBroken = answers.every((answer) => answer instanceof ReconnectRequired);
  if (isBroken && first instanceof ReconnectRequired) return requireReconnect(equipment, access.connection, first);
  const outcomes = askings.map(({ account }, place) => ({ account, answer: answers[place] }));
  await recordOutcomes(equipment, access.connection, product, outcomes);
}

/**
 * Asks the provider behind one connection, and returns one answer per question, in their order: what was found or why it
 * could not be. Rejects when nothing could be asked at all.
 */
export async function askProvider<Name extends Product>(
  equipment: Equipment,
  product: Name,
  askings: Asking<Name>[],
): Promise<Answer<Name>[]> {
  const [first] = askings;
  if (!first) return [];
  const { connectionId, organizationId } = first.account;
  const access = await openAccess(equipment, { id: connectionId, organizationId }).catch(async (error) => {
    await recordFailure(equipment, { id: connectionId, organizationId }, error);
    throw error;
  });
  const questions = askings.map(
    (asking) => ({ ...asking, account: { ...asking.account, access: asking.account.access ?? {} } }) as never,
  );
  const asked = await ask(equipment, access, product, questions);
  await record(equipment, asked, product, askings);
  return askings.map((_, place) => {
    const answer = asked.answers[place];
    // null is an answer: what was asked about is gone.
    return answer === undefined ? new Error(`${access.provider.id} forgot question ${place} of ${product}`) : answer;
  });
}
