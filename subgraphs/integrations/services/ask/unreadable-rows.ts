import type { Account } from '#integrations/entities/account.js';
import { MalformedAnswer } from '#integrations/errors.js';
import type { UnreadableRowModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { describeUnreadable, type UnreadableRow } from '#integrations/providers/products.js';

/** As the schema says. */
export const MAX_UNREADABLE = 100;

/** Returns the rows an answer leaves out, at most 100. */
export function unreadableRows(account: Account, unreadable: UnreadableRow[] | undefined): UnreadableRowModel[] {
  return (unreadable ?? []).slice(0, MAX_UNREADABLE).map((row) => ({ ...row, account }));
}

/** Returns the error of a figure whose row is left out. */
export const unreadableError = ({ providerId }: Account, row: UnreadableRow): MalformedAnswer =>
  new MalformedAnswer(describeProviderById(providerId).name, describeUnreadable(row));
