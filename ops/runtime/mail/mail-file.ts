import type { DataSource, EntityManager } from 'typeorm';
import { InvalidInput } from '#runtime/errors.js';

/** A file that mails carry. */
export interface MailFile {
  /** One line, any script. */
  name: string;
  /** A media type. */
  contentType: string;
  content: Buffer;
}

/** The most that one mail carries, before it is encoded: what mail servers commonly accept. */
export const MAX_ATTACHED_BYTES = 10 * 1024 * 1024;

const NOT_IN_NAME = /[\p{Cc}\p{Zl}\p{Zp}/\\]/u;
const MAX_NAME_BYTES = 255;

/** Stores a file for the mails of this transaction. Returns its id. Throws InvalidInput for a name with a path or line end. */
export async function storeMailFile(
  manager: EntityManager,
  { organizationId, name, contentType, content }: MailFile & { organizationId?: string },
): Promise<string> {
  if (!name || NOT_IN_NAME.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new InvalidInput([{ argument: 'name', problem: 'must be the name of a file, in one line' }]);
  }
  const [file] = await manager.query<{ id: string }[]>(
    `INSERT INTO operations.mail_file (organization_id, name, content_type, content) VALUES ($1, $2, $3, $4) RETURNING id`,
    [organizationId ?? null, name, contentType, content],
  );
  if (!file) throw new Error('PostgreSQL returned no id for a file.');
  return file.id;
}

/** Attaches stored files to a queued mail. Throws InvalidInput above MAX_ATTACHED_BYTES. */
export async function attachFiles(
  manager: EntityManager,
  { mailId, fileIds }: { mailId: string; fileIds: string[] },
): Promise<void> {
  const [sum] = await manager.query<{ bytes: number }[]>(
    'SELECT coalesce(sum(length(content)), 0)::float8 AS bytes FROM operations.mail_file WHERE id = ANY ($1)',
    [fileIds],
  );
  if ((sum?.bytes ?? 0) > MAX_ATTACHED_BYTES) {
    throw new InvalidInput([
      { argument: 'fileIds', problem: `must have at most ${MAX_ATTACHED_BYTES} bytes together` },
    ]);
  }
  await manager.query(
    `INSERT INTO operations.mail_attachment (mail_id, position, file_id)
     SELECT $1, position, id FROM unnest($2::uuid[]) WITH ORDINALITY AS file (id, position)
     ON CONFLICT DO NOTHING`,
    [mailId, fileIds],
  );
}

/** Returns the files of a mail in order. */
export async function readMailFiles(operations: DataSource, { mailId }: { mailId: string }): Promise<MailFile[]> {
  return operations.query<MailFile[]>(
    `SELECT f.name, f.content_type AS "contentType", f.content
     FROM operations.mail_attachment AS a JOIN operations.mail_file AS f ON f.id = a.file_id
     WHERE a.mail_id = $1 ORDER BY a.position`,
    [mailId],
  );
}

/** Detaches the files of a mail, and deletes those that no other mail carries. */
export async function deleteMailFiles(manager: EntityManager, { mailId }: { mailId: string }): Promise<void> {
  const files = await manager.query<{ id: string }[]>(
    // Locked in one order: of two mails that end at once, the second finds the file without the first.
    `SELECT id FROM operations.mail_file
     WHERE id IN (SELECT file_id FROM operations.mail_attachment WHERE mail_id = $1) ORDER BY id FOR UPDATE`,
    [mailId],
  );
  if (files.length === 0) return;
  await manager.query('DELETE FROM operations.mail_attachment WHERE mail_id = $1', [mailId]);
  await manager.query(
    `DELETE FROM operations.mail_file AS f
     WHERE id = ANY ($1) AND NOT EXISTS (SELECT FROM operations.mail_attachment WHERE file_id = f.id)`,
    [files.map(({ id }) => id)],
  );
}

/** Deletes files whose mails were deleted with their organization or person. */
export async function trimMailFiles(operations: DataSource): Promise<void> {
  await operations.query(
    `DELETE FROM operations.mail_file AS f
     WHERE created_at < now() - interval '1 hour' AND NOT EXISTS (SELECT FROM operations.mail_attachment WHERE file_id = f.id)`,
  );
}
