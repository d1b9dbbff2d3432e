import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FoundOf, Product, QuestionOf } from '#integrations/providers/products.js';
import type { Asking } from './ask-provider.js';
import type { Known } from './remember-answers.js';

/**
 * Returns what the provider of an account knows; undefined where there is nothing to ask: the provider does not have the
 * product, or the account is not in use, of which a provider would mostly refuse to speak.
 */
export async function askAccount<Name extends Product>(
  { providers, askProvider }: Pick<Context, 'providers' | 'askProvider'>,
  account: Account,
  product: Name,
  asked: Omit<QuestionOf<Name>, 'account'>,
): Promise<Known<FoundOf<Name>> | undefined> {
  const provider = providers.find(account.providerId);
  // Of a provider this installation lost nothing is known: asking says so.
  const isKnown = !provider || provider.readers[product] !== undefined;
  if (!account.isActive || !isKnown) return undefined;
  return askProvider(product, { account, ...asked } as Asking<Name>);
}
