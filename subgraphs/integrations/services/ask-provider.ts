import type { Account } from '../entities/account.js';
import type { Access, Equipment } from '../equipment.js';
import { ReconnectRequired, TokenRefused } from '../errors.js';
import type { FoundOf, Product, QuestionOf, Reader } from '../providers/products.js';
import { openAccess } from './open-access.js';
import { renewTokens } from './renew-tokens.js';
import { requireReconnect } from './require-reconnect.js';

/** A question as services ask it: about a row of ours. */
export type Asking<Name extends Product> = Omit<QuestionOf<Name>, 'account'> & { account: Account };

export type Answer<Name extends Product> = FoundOf<Name> | Error;

interface Asked<Name extends Product> {
  /** What the answers were got with: its connection is the row as it is now. */
  access: Access;
  answers: Answer<Name>[];
}

function read<Name extends Product>(
  { provider, tokens }: Access,
  product: Name,
  questions: QuestionOf<Name>[],
): Promise<Answer<Name>[]> {
  const reader = provider.readers[product] as Reader<QuestionOf<Name>, FoundOf<Name>> | undefined;
  if (reader) return reader(tokens.accessToken, questions);
  const error = new Error(`${provider.id} has no ${product}`);
  return Promise.resolve(questions.map(() => error));
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
    const answers = await read(access, product, questions);
    const error = new ReconnectRequired(access.provider.name);
    return { access, answers: answers.map((answer) => (answer instanceof TokenRefused ? error : answer)) };
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
  const answers = await read(access, product, questions);
  const refused = questions.filter((_, place) => answers[place] instanceof TokenRefused);
  if (refused.length === 0) return { access, answers };
  const again = await askAgain(equipment, access, product, refused);
  const late = again.answers.values();
  const merged = answers.map((answer) => (answer instanceof TokenRefused ? (late.next().value as Error) : answer));
  return { access: again.access, answers: merged };
}

/** One account that refuses what the others take says nothing about the connection; all of them do. */
async function recordIfBroken(equipment: Equipment, { access, answers }: Asked<Product>): Promise<void> {
  const [first] = answers;
  const isBroken = answers.every((answer) => answer instanceof ReconnectRequired);
  if (isBroken && first instanceof ReconnectRequired) await requireReconnect(equipment, access.connection, first);
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
  const access = await openAccess(equipment, { id: connectionId, organizationId });
  const questions = askings.map(
    (asking) => ({ ...asking, account: { ...asking.account, access: asking.account.access ?? {} } }) as never,
  );
  const asked = await ask(equipment, access, product, questions);
  await recordIfBroken(equipment, asked);
  return askings.map((_, place) => {
    const answer = asked.answers[place];
    // null is an answer: what was asked about is gone.
    return answer === undefined ? new Error(`${access.provider.id} forgot question ${place} of ${product}`) : answer;
  });
}
