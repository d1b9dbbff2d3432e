import type { AnyObject } from '#simulator/stripe/objects.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';
import type { Account } from './model.js';

/** Does work that changes an object, then says what differs in one event; nothing when nothing differs. */
export function withUpdateEvent<T extends AnyObject>(
  account: Account,
  object: T,
  event: string,
  work: () => void,
): void {
  const before = structuredClone(object);
  work();
  const previous = previousAttributes(before, object);
  if (Object.keys(previous).length > 0) account.emit(event, object, previous);
}
