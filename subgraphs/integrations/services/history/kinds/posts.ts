import { addDays, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { PostRow } from '#integrations/providers/products.js';
import { askProvider } from '#integrations/services/ask/ask-provider.js';
import { postColumns, retainedColumns } from '#integrations/services/posts/post-question.js';
import { type AccountDays, ask, type CopiedKind } from './copied-kind.js';

const DAYS_PER_CALL = 31;

/** X reports clicks for 30 days: a post is read a last time before they end, and then once in two months. */
const LAST_CLICKS_DAYS = 50;
const SETTLED_HOURS = 18.5 * 24;
const OLD_HOURS = 60 * 24;

interface ReadPost extends PostRow {
  day: string;
}

interface ReadPosts {
  rows: ReadPost[];
  readAt: Date;
}

const dayOf = ({ createdAt }: PostRow) => createdAt.slice(0, 10);

// Edits and deletions at X are followed.
const MARK_DUE = `
  UPDATE integrations.history_day SET refresh_ordered_at = $3
  WHERE organization_id = $1 AND account_id = $2 AND is_final AND (refresh_ordered_at > fetched_at) IS NOT TRUE
    AND fetched_at < $3::timestamptz - make_interval(hours => CASE WHEN day > $4 THEN $5::int ELSE $6::int END)`;

/** Returns posts that are copied, but not in the timeline, where they still exist: X lists the last 3,200 only. */
async function readUnlisted(context: Context, { account, range }: AccountDays, listed: string[]): Promise<PostRow[]> {
  const rows = await context.database.query<{ externalId: string }[]>(
    `SELECT external_id AS "externalId" FROM integrations.post
     WHERE organization_id = $1 AND account_id = $2 AND day BETWEEN $3 AND $4 AND external_id <> ALL ($5)`,
    [account.organizationId, account.id, range.start, range.end, listed],
  );
  if (rows.length === 0) return [];
  const questions = rows.map(({ externalId }) => ({ product: 'postById' as const, account, postId: externalId }));
  const answers = [...(await askProvider(context, questions)).values()];
  const failure = answers.find((answer) => answer instanceof Error);
  if (failure) throw failure;
  return answers.flatMap((answer) => (answer instanceof Error ? [] : (answer ?? [])));
}

const DELETE_GONE = `
  DELETE FROM integrations.post
  WHERE account_id = $1 AND organization_id = $2 AND day = ANY ($3::date[]) AND external_id <> ALL ($4)`;

const columns = Object.values(postColumns);

const WRITE = `
  INSERT INTO integrations.post AS known
    (account_id, organization_id, fetched_at, day, external_id, created_at, text, url, ${columns.join(', ')})
  SELECT $1, $2, $3, reported.* FROM unnest($4::date[], $5::text[], $6::timestamptz[], $7::text[], $8::text[],
    ${columns.map((_column, index) => `$${index + 9}::bigint[]`).join(', ')}) AS reported
  ON CONFLICT (organization_id, account_id, day, external_id) DO UPDATE
    SET text = excluded.text, url = excluded.url, fetched_at = excluded.fetched_at,
    ${columns
      .map(
        (column) =>
          `${column} = ${retainedColumns.includes(column) ? `coalesce(excluded.${column}, known.${column})` : `excluded.${column}`}`,
      )
      .join(', ')}`;

async function markDue({ database, services }: Context, { id, organizationId, timeZone }: Account): Promise<void> {
  const now = services.now();
  const recent = addDays(dayIn(timeZone, now), -LAST_CLICKS_DAYS);
  await database.query(MARK_DUE, [organizationId, id, now, recent, Math.round(SETTLED_HOURS), OLD_HOURS]);
}

/** Posts by day with the figures that were last read. Those that are gone at X go here, too. */
export const posts: CopiedKind<ReadPosts> = {
  tables: ['post'],
  needsCurrency: false,

  async prepare(context, { account }) {
    await markDue(context, account);
    return { daysPerCall: DAYS_PER_CALL };
  },

  async read(context, days) {
    const readAt = context.services.now();
    const { rows, unreadable } = await ask(context, { product: 'posts', ...days });
    const listed = [...rows.map(({ externalId }) => externalId), ...unreadable.map(({ row }) => row)];
    const others = await readUnlisted(context, days, listed);
    const figures = { rows: [...rows, ...others].map((row) => ({ ...row, day: dayOf(row) })), readAt };
    return { figures, unreadable };
  },

  async write(manager, { history: { accountId, organizationId }, days, figures: { rows: read, readAt } }) {
    const rows = read.filter(({ day }) => days.has(day));
    const column = <Value>(of: (row: ReadPost) => Value) => rows.map(of);
    const ids = column(({ externalId }) => externalId);
    await manager.query(DELETE_GONE, [accountId, organizationId, [...days], ids]);
    if (rows.length === 0) return;
    const names = Object.keys(postColumns) as (keyof typeof postColumns)[];
    await manager.query(WRITE, [
      accountId,
      organizationId,
      readAt,
      column(({ day }) => day),
      ids,
      column(({ createdAt }) => createdAt),
      column(({ text }) => text.replaceAll('\0', '')),
      column(({ url }) => url),
      ...names.map((name) => column(({ metrics }) => metrics[name])),
    ]);
  },
};
