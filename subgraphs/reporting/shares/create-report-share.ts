import { randomBytes } from 'node:crypto';
import { type EntityManager, IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import type { Context, ServiceContext } from '#reporting/context.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { type ReportShare, ReportShareEntity } from '#reporting/entities/report-share.js';
import { hashToken } from '#reporting/hash-token.js';
import { type Format, formats } from '#reporting/rendering/renderer.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict, InvalidInput, NotFound } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { hashPassword } from '#runtime/passwords/password.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 365;
const DEFAULT_DAYS = 30;
const MAX_ACTIVE = 100;

// Code points, independent of the keyboard's Unicode form.
const lengthOf = (password: string) => [...password.normalize('NFKC')].length;

const days = `must be 1 to ${MAX_DAYS}`;

const input = z.object({
  days: z.int(days).min(1, days).max(MAX_DAYS, days).nullish(),
  expiresAt: z.date().nullish(),
  password: z
    .string()
    .refine((text) => lengthOf(text) >= 8, 'must have at least 8 characters')
    .refine((text) => lengthOf(text) <= 128, 'must have at most 128 characters')
    .nullish(),
  formats: z
    .array(z.enum(formats))
    .nullish()
    .transform((given) => formats.filter((format) => given?.includes(format) ?? true)),
});

function expiryOf(now: Date, { days, expiresAt }: z.output<typeof input>): Date {
  if (days && expiresAt) throw new InvalidInput([{ argument: 'days', problem: 'cannot be given with expiresAt' }]);
  if (!expiresAt) return new Date(now.getTime() + (days ?? DEFAULT_DAYS) * DAY_MS);
  const problem = (text: string) => new InvalidInput([{ argument: 'expiresAt', problem: text }]);
  if (expiresAt <= now) throw problem('must be in the future');
  if (expiresAt.getTime() > now.getTime() + MAX_DAYS * DAY_MS) throw problem(`must be within ${MAX_DAYS} days`);
  return expiresAt;
}

/** Returns the page of a share link. */
export const shareUrl = ({ services }: Pick<ServiceContext, 'services'>, token: string): string =>
  `${services.publicUrl()}/shared/${token}`;

/** A share link with its address, which cannot be had again. */
export interface IssuedShare {
  share: ReportShare;
  url: string;
}

/** A share link to be made. */
export interface ShareOrder {
  report: Pick<Report, 'id' | 'organizationId' | 'title'>;
  formats: Format[];
  expiresAt: Date;
  passwordHash: string | null;
  /** null = a schedule. */
  createdBy: { userId?: string; apiKeyId?: string } | null;
}

/** Stores a share link of a report and records it, last in the transaction of its cause. */
export async function issueShare(
  context: ServiceContext,
  { manager, order }: { manager: EntityManager; order: ShareOrder },
): Promise<IssuedShare> {
  const { services, identity } = context;
  const { report, formats, expiresAt, passwordHash, createdBy } = order;
  const { organizationId, id: reportId } = report;
  const token = randomBytes(32).toString('base64url');
  const share = await manager.save(ReportShareEntity, {
    organizationId,
    reportId,
    tokenHash: hashToken(token),
    passwordHash,
    formats,
    createdBy: createdBy?.userId ?? null,
    createdByKey: createdBy?.userId ? null : (createdBy?.apiKeyId ?? null),
    createdAt: services.now(),
    expiresAt,
    revokedAt: null,
    viewCount: 0,
    lastViewedAt: null,
  });
  await recordAudit(manager, identity, {
    organizationId,
    action: 'report-share.created',
    target: { type: 'ReportShare', id: share.id },
    after: { reportId, expiresAt: expiresAt.toISOString(), formats, hasPassword: passwordHash !== null },
  });
  return { share, url: shareUrl(context, token) };
}

/** Locks a report, so that concurrent links are counted. Throws NotFound, and Conflict unless it can be shared. */
async function requireShareable(manager: EntityManager, { id }: Pick<Report, 'id'>, now: Date): Promise<void> {
  const report = await manager.findOne(ReportEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!report) throw new NotFound('report');
  if (report.status !== 'READY') throw new Conflict('Only a report that is READY can be shared: wait until it is.');
  const active = { reportId: id, revokedAt: IsNull(), expiresAt: MoreThan(now) };
  if ((await manager.countBy(ReportShareEntity, active)) < MAX_ACTIVE) return;
  throw new Conflict(`This report has ${MAX_ACTIVE} share links already: revoke one first.`);
}

/**
 * Creates a link that shows a report without a login. Throws InvalidInput, NotFound, and Conflict unless the report is READY and has
 * fewer than 100 links.
 */
export async function createReportShare(
  context: Context,
  { reportId, ...given }: { reportId: string } & z.input<typeof input>,
): Promise<IssuedShare> {
  const { services, database, identity, reportById } = context;
  const parsed = parseInput(input, given);
  const expiresAt = expiryOf(services.now(), parsed);
  const report = await reportById.load(reportId);
  if (!report) throw new NotFound('report');
  const passwordHash = parsed.password ? await hashPassword(context, { password: parsed.password }) : null;
  const { userId, apiKeyId } = identity;
  const order = { report, formats: parsed.formats, expiresAt, passwordHash, createdBy: { userId, apiKeyId } };
  return database.transaction(async (manager) => {
    await requireShareable(manager, report, services.now());
    return issueShare(context, { manager, order });
  });
}
