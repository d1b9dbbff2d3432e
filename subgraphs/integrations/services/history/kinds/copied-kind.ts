import type { EntityManager } from 'typeorm';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AccountHistory } from '#integrations/entities/account-history.js';
import type { FoundOf, Product, UnreadableRow } from '#integrations/providers/products.js';
import { askProvider } from '#integrations/services/ask/ask-provider.js';
import type { Question } from '#integrations/services/ask/question.js';

/** Days of an account as its provider reports them now. */
export interface ReportedDays<Figures = unknown> {
  figures: Figures;
  /** Their days are not stored, and stay due. */
  unreadable: UnreadableRow[];
  /** What is to be known about a day besides its figures. */
  marks?: Map<string, DayMarks>;
}

/** What is known about a copied day besides its figures. */
export interface DayMarks {
  /** Breakdowns that are not copied, as they have too many rows. */
  incomplete?: string[];
  /** What the provider says of the quality of its figures, such as SAMPLED. */
  quality?: string[];
}

export interface AccountDays {
  account: Account;
  range: DayRange;
}

export type StoredHistory = Pick<AccountHistory, 'accountId' | 'organizationId' | 'currency' | 'timeZone'>;

/** A kind of figures that is copied by day. What is due, claims, retries and progress are the same for all. */
export interface CopiedKind<Figures = unknown> {
  /** The tables of its figures, in the schema `integrations`: partitioned by `day`, keyed by `organization_id` first. */
  tables: readonly string[];
  /** Whether accounts need a currency to be copied. */
  needsCurrency: boolean;
  /**
   * Prepares the copying of due days of a range. Returns how many days one call reads at most, and through which day the
   * provider has reported; later days stay due.
   */
  prepare(context: Context, days: AccountDays): Promise<{ daysPerCall: number; through?: string | null }>;
  /** Reads days of the provider. Throws its errors. */
  read(context: Context, days: AccountDays): Promise<ReportedDays<Figures>>;
  /** Replaces the stored figures of days by reported ones, in the transaction that records the days as copied. */
  write(
    manager: EntityManager,
    days: { history: StoredHistory; days: ReadonlySet<string>; figures: Figures },
  ): Promise<void>;
}

/** Asks a provider questions about one product, past the cache. Returns the answers in their order; throws its error. */
export async function askAll<Name extends Product>(
  context: Context,
  questions: Question<Name>[],
): Promise<FoundOf<Name>[]> {
  const answers = await askProvider(context, questions);
  return questions.map((question) => {
    const answer = answers.get(question);
    if (answer instanceof Error) throw answer;
    return answer as FoundOf<Name>;
  });
}

/** Asks a provider one question, past the cache. Throws its error. */
export async function ask<Name extends Product>(context: Context, question: Question<Name>): Promise<FoundOf<Name>> {
  const [answer] = await askAll(context, [question]);
  return answer as FoundOf<Name>;
}
