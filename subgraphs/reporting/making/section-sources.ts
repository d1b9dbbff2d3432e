import type { SectionSource } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import type { UnavailableAccount } from '#reporting/entities/report.js';
import type { Answered } from '#reporting/templates/section-columns.js';
import type { AnsweredPage } from './section-question.js';

const NAMED_ROWS = 5;

interface AnsweredSource extends Answered {
  account: { id: string; name: string };
  state: string;
  reportedThrough: string | null;
  fetchedAt: string | null;
  code: string | null;
  message: string | null;
  isTruncated?: boolean;
}

/** A note about rows that are not there, of an account that is there otherwise. */
function noteOn(
  accountId: string,
  { unreadable }: Pick<AnsweredPage, 'unreadable'>,
  isTruncated = false,
): string | null {
  const rows = unreadable.filter(({ account }) => account?.id === accountId);
  const notes: string[] = [];
  if (rows.length > 0) {
    const [count, verb] = rows.length === 1 ? ['1 row', 'is'] : [`${rows.length} rows`, 'are'];
    const named = rows.slice(0, NAMED_ROWS).map(({ row, field }) => `${row} (${field})`);
    const others = rows.length > named.length ? ', …' : '';
    notes.push(`${count} ${verb} left out, as a value cannot be read exactly: ${named.join(', ')}${others}.`);
  }
  if (isTruncated) notes.push('There are more rows than are read of one account.');
  return notes.length > 0 ? notes.join(' ') : null;
}

/** Returns how complete the figures of each account of an answer are. `providers` are names by account id. */
export function sourcesOf(page: AnsweredPage, providers: ReadonlyMap<string, string>): SectionSource[] {
  const sources = page.sources.map((given): SectionSource => {
    const { account, state, reportedThrough, fetchedAt, code, message, isTruncated } = given as AnsweredSource;
    const note = noteOn(account.id, page, isTruncated);
    return {
      accountId: account.id,
      account: account.name,
      provider: providers.get(account.id) ?? null,
      state,
      reportedThrough,
      fetchedAt,
      code,
      message: [message, note].filter(Boolean).join(' ') || null,
    };
  });
  return worstSources(sources);
}

/** Returns an account whose days are missing, as reports name it. */
export const unavailableAccount = ({
  accountId,
  account,
  provider,
  code,
  message,
}: SectionSource): UnavailableAccount => ({
  accountId,
  name: account,
  provider: provider ?? '',
  code: code ?? 'PROVIDER_UNAVAILABLE',
  message: message ?? 'Days are missing.',
});
