import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { changeSubscription, commandKey, requireLive } from './change-subscription.js';
import { findPromotionCode, refusedCode } from './find-promotion-code.js';

/**
 * Gives the subscription the discount of a promotion code, instead of an earlier one. Throws InvalidInput for a code that cannot be used,
 * and Conflict without a subscription.
 */
export function applyPromotionCode(context: Context, { code: given }: { code: string }): Promise<Subscription> {
  return changeSubscription(context, {
    action: 'subscription.discounted',
    decide: async (stripe, before) => {
      const { stripeSubscriptionId, discount } = requireLive(before);
      const { id, code } = await findPromotionCode(stripe, { argument: 'code', code: given });
      if (discount?.promotionCode === code) return null;
      const idempotencyKey = commandKey(context, 'promotion code', before, id);
      const discounts = [{ promotion_code: id }];
      return {
        after: { promotionCode: code },
        wanted: { promotionCode: code },
        carryOut: () =>
          stripe.subscriptions.update(stripeSubscriptionId, { discounts }, { idempotencyKey }).catch((error) => {
            throw refusedCode(error, 'code');
          }),
      };
    },
  });
}
