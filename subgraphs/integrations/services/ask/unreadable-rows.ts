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

/** What was read of an account. */
interface ReadAnswers {
  completeness: { account: Account };
  answers: { unreadable?: UnreadableRow[] }[];
}

/** Returns the rows that the answers of all accounts leave out, at most 100. */
export const unreadableRowsOf = (sources: ReadAnswers[]): UnreadableRowModel[] =>
  sources
    .flatMap(({ completeness: { account }, answers }) =>
      answers.flatMap(({ unreadable }) => unreadableRows(account, unreadable)),
    )
    .slice(0, MAX_UNREADABLE);

/** Returns the error of a figure whose row is left out. */
export const unreadableError = ({ providerId }: Account, row: UnreadableRow): MalformedAnswer =>
  new MalformedAnswer(describeProviderById(providerId).name, describeUnreadable(row));
