import { z } from 'zod';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { InvalidInput, RateLimited } from '#runtime/errors.js';
import { retryAfterIn } from './limits.js';

export const NAME = 'Google Analytics';

const failure = z.object({ error: z.object({ message: z.string() }) });

/** "Field fooBar is not a valid metric. For a list of …". */
const UNKNOWN_FIELD = /Field (\S{1,100}) is not a valid (dimension|metric)/;

/** Returns InvalidInput for unknown names, RateLimited for exhausted tokens, else undefined. */
export function refusalIn(answer: WireAnswer, now: Date): Error | undefined {
  const { status, json } = answer;
  const retryAfter = retryAfterIn(answer, now);
  if (retryAfter) return new RateLimited(`${NAME} has had too many requests.`, retryAfter, { cause: { status } });
  const parsed = failure.safeParse(json);
  if (status !== 400 || !parsed.success) return undefined;
  const [, field, kind] = UNKNOWN_FIELD.exec(parsed.data.error.message) ?? [];
  if (!field) {
    const problem = `are not a combination ${NAME} reports on`;
    return new InvalidInput([{ argument: 'dimensions', problem }], { cause: parsed.data.error.message });
  }
  return new InvalidInput([{ argument: `${kind}s`, problem: `names "${field}", which ${NAME} does not know` }]);
}
