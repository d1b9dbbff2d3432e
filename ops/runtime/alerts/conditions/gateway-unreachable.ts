import type { HttpClient } from '#runtime/http/http-client.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import { type Condition, START_MS } from './condition.js';

const TIMEOUT_MS = 3_000;
const FAILURES_UNTIL_HELD = 2;

/** Whether jobs of this process cannot reach the gateway, at GATEWAY_URL. */
export function gatewayUnreachable(gatewayUrl: string, http: HttpClient): Condition {
  let failingSince: Date | undefined;
  let failures = 0;
  let isExpectedFrom = Date.now() + START_MS;
  return {
    name: 'gateway-unreachable',
    category: 'internal',
    evaluate: async () => {
      const startedAt = new Date();
      try {
        await http.send({ url: new URL('health', gatewayUrl).href, timeoutMs: TIMEOUT_MS, isOurs: true });
        failures = 0;
        isExpectedFrom = 0;
        failingSince = undefined;
        return [];
      } catch (error) {
        failures += 1;
        failingSince ??= startedAt;
        if (failures < FAILURES_UNTIL_HELD || Date.now() < isExpectedFrom) return [];
        const message = `The gateway cannot be reached: reports, schedules and mails wait (${reasonOf(error)}).`;
        return [{ message, since: failingSince }];
      }
    },
  };
}
