import type Stripe from 'stripe';
import { z } from 'zod';
import { invalidRequestOf } from '#billing/stripe/ask-stripe.js';
import { InvalidInput } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';

const codeInput = z.string().trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters');

/** Returns a promotion code that can be used. Throws InvalidInput for any other text. */
export async function findPromotionCode(
  stripe: Stripe,
  { argument, code: given }: { argument: string; code: string },
): Promise<Stripe.PromotionCode> {
  const { [argument]: code = '' } = parseInput(z.object({ [argument]: codeInput }), { [argument]: given });
  const { data } = await stripe.promotionCodes.list({ code, active: true, limit: 1 });
  const [found] = data;
  if (!found) throw new InvalidInput([{ argument, problem: 'is not a promotion code that can be used' }]);
  return found;
}

/** Returns Stripe's refusal of a promotion code, such as for new customers only, as InvalidInput; any other error as it is. */
export function refusedCode(error: unknown, argument: string): unknown {
  const refusal = invalidRequestOf(error);
  const isAboutCode = /discount|promotion_code|coupon/.test(`${refusal?.param ?? ''} ${refusal?.code ?? ''}`);
  if (!isAboutCode) return error;
  return new InvalidInput([{ argument, problem: 'is not a promotion code for this subscription' }], { cause: error });
}
