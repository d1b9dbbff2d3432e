import type { FormattedExecutionResult } from 'graphql';
import { jsonOf } from '#gateway/federation/sharing/shared-data.js';

/**
 * Returns an answer as Apollo Server writes it, letter by letter: errors, data, extensions, a new line. As bytes: of a long text,
 * Node.js would allocate three times its length for each response, and data that several requests share is written once.
 */
export function writeAnswer({ errors, data, extensions }: FormattedExecutionResult): Buffer {
  const parts: Buffer[] = [];
  const add = (name: string, json: Buffer) => {
    parts.push(Buffer.from(`${parts.length === 0 ? '{' : ','}"${name}":`), json);
  };
  if (errors) add('errors', Buffer.from(JSON.stringify(errors)));
  if (data !== undefined) add('data', data === null ? Buffer.from('null') : jsonOf(data));
  if (extensions) add('extensions', Buffer.from(JSON.stringify(extensions)));
  if (parts.length === 0) parts.push(Buffer.from('{'));
  return Buffer.concat([...parts, Buffer.from('}\n')]);
}
