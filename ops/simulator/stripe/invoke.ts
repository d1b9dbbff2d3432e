import type { StripeAccount } from './account.js';
import type { Operation } from './operation.js';
import { findOperation } from './operations.js';
import { readForm } from './wire/read-form.js';
import { readFields } from './wire/rules.js';

/**
 * Performs a call from inside the simulator, as a hosted page does, with the same checks; returns what the handler returns,
 * unexpanded. `form` has names such as `items[0][price]`. Throws `StripeError`.
 */
export function invoke<T>(
  account: StripeAccount,
  [method, path]: [Operation['method'], string],
  form: Record<string, string> = {},
): T {
  const match = findOperation(method, path);
  if (!match) throw new Error(`No such operation: ${method} ${path}`);
  const { operation, ids } = match;
  const params = readFields(operation.parameters, readForm(new URLSearchParams(form)), {
    notSimulated: operation.notSimulated,
  });
  return operation.handle({ account, params, id: ids[0] ?? '', ids, path }) as T;
}
