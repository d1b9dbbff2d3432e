import type { Context } from '#integrations/context.js';
import type { Access } from '#integrations/dependencies.js';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import type { Answers, FoundOf, Product } from '#integrations/providers/products.js';
import { recordFailure } from '#integrations/services/health/record-connection-fault.js';
import { recordOutcomes } from '#integrations/services/health/record-outcomes.js';
import { openAccess } from '#integrations/services/tokens/open-access.js';
import { renewTokens } from '#integrations/services/tokens/renew-tokens.js';
import { requireReconnect } from '#integrations/services/tokens/require-reconnect.js';
import { secondRefusal } from '#integrations/services/tokens/second-refusal.js';
import { currentScope, withScope } from '#runtime/scope/scope.js';
import type { Question } from './question.js';
import { refusedByPlan } from './refused-by-plan.js';

type ProviderAnswers<Name extends Product> = Answers<Question<Name>, FoundOf<Name>>;

/** Reads accounts whose circuit is closed, and refuses the others. */
async function read<Name extends Product>(
  { breaker }: Context,
  { connection, provider, tokens }: Access,
  questions: Question<Name>[],
): Promise<ProviderAnswers<Name>> {
  const [first] = questions;
  const reader = first && provider.readers[first.product];
  if (!reader) throw new Error(`${provider.id} does not offer ${first?.product}`);
  const { organizationId, id: connectionId } = connection;
  return breaker.guard<Question<Name>, FoundOf<Name> | Error>(
    { organizationId, providerId: provider.id, connectionId },
    {
      questions,
      accountIdOf: ({ account }) => account.externalId,
      ask: (some, isProbing) => {
        const customer = { organizationId, connectionId, isProbing };
        return withScope({ ...currentScope(), customer }, () => reader(tokens.accessToken, some));
      },
      refuse: (retryAfter) =>
        new ProviderUnavailable(provider.name, 'has failed again and again and is left alone for a while', {
          retryAfter,
        }),
    },
  );
}

/** Reads once more with a renewed token; a second refusal means that consent is gone. */
async function readRenewed<Name extends Product>(
  context: Context,
  { connection }: Access,
  questions: Question<Name>[],
): Promise<{ access: Access; answers: ProviderAnswers<Name> }> {
  const needsRenewal = ({ version }: Access['connection']) => version <= connection.version;
  const access = await renewTokens(context, { connection, needsRenewal });
  const answers = await read(context, access, questions);
  for (const [question, answer] of answers)
    if (answer instanceof TokenRefused) answers.set(question, secondRefusal(access.provider.name, answer));
  return { access, answers };
}

const MAX_LOGGED = 10;

/** The rows are named in the answer, too; the log is for the operator. */
function warnOfUnreadable<Name extends Product>(
  { services }: Context,
  { id: connectionId, organizationId, providerId }: Access['connection'],
  answers: ProviderAnswers<Name>,
): void {
  const rows = [...answers.values()].flatMap((found) =>
    found && typeof found === 'object' && 'unreadable' in found ? found.unreadable : [],
  );
  if (rows.length === 0) return;
  const unreadable = rows.slice(0, MAX_LOGGED);
  services.logger.warn(
    { organizationId, connectionId, providerId, count: rows.length, unreadable },
    'Rows of a provider could not be read and are left out',
  );
}

async function record<Name extends Product>(
  context: Context,
  { connection }: Access,
  answers: ProviderAnswers<Name>,
): Promise<void> {
  const [first] = answers.values();
  const isBroken = [...answers.values()].every((answer) => answer instanceof ReconnectRequired);
  warnOfUnreadable(context, connection, answers);
  // A refusal of some accounts says nothing about the connection.
  if (isBroken && first instanceof ReconnectRequired) return requireReconnect(context, { connection, error: first });
  await recordOutcomes(context, { connection, answers });
}

/**
 * Asks a provider about one product of one connection. Returns what was found or why it failed; rejects when none could
 * be asked. What the organization's plan does not include is not asked.
 */
export async function askProvider<Name extends Product>(
  context: Context,
  all: Question<Name>[],
): Promise<ProviderAnswers<Name>> {
  const refused: ProviderAnswers<Name> = await refusedByPlan(context, all);
  const answers = await askIncluded(
    context,
    all.filter((question) => !refused.has(question)),
  );
  return new Map([...answers, ...refused]);
}

async function askIncluded<Name extends Product>(
  context: Context,
  questions: Question<Name>[],
): Promise<ProviderAnswers<Name>> {
  const [first] = questions;
  if (!first) return new Map();
  const owner = { id: first.account.connectionId, organizationId: first.account.organizationId };
  let access = await openAccess(context, owner).catch(async (error) => {
    await recordFailure(context, { connection: owner, error });
    throw error;
  });
  const answers: ProviderAnswers<Name> = await read(context, access, questions);
  const refused = questions.filter((question) => answers.get(question) instanceof TokenRefused);
  if (refused.length > 0) {
    try {
      const renewed = await readRenewed(context, access, refused);
      access = renewed.access;
      for (const [question, answer] of renewed.answers) answers.set(question, answer);
    } catch (error) {
      for (const question of refused) answers.set(question, error as Error);
    }
  }
  for (const question of questions) {
    const isForgotten = !answers.has(question);
    if (isForgotten) answers.set(question, new Error(`${access.provider.id} forgot a question of ${first.product}`));
  }
  await record(context, access, answers);
  return answers;
}
