import type { Send } from '#integrations/providers/wire.js';
import { currentScope } from '#runtime/scope/scope.js';
import type { Governor } from './governor.js';
import type { LimitRules } from './limits.js';

/** Returns a way to send requests to a provider that keeps within its limits. Without a governor nothing is held back. */
export function sendWithin(
  rules: LimitRules,
  provider: { id: string; name: string },
  { governor, now }: { governor?: Governor | undefined; now(): Date },
  send: Send,
): Send {
  if (!governor) return send;
  return async (request) => {
    // One request finds out whether a provider is back: repeating it would be several.
    const isIdempotent = request.isIdempotent && !currentScope().customer?.isProbing;
    const draws = rules.drawsOf(request);
    const passage = governor.passage(provider, draws);
    try {
      const answer = await send({ ...request, isIdempotent, beforeEach: (msLeft) => passage.leave(msLeft) });
      await passage.comeBack(rules.toldBy(answer, request, now()));
      return answer;
    } catch (error) {
      await passage.comeBack();
      throw error;
    }
  };
}
