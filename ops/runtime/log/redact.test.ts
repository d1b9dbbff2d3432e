import { expect, it } from '@jest/globals';
import { redact } from './redact.js';

it.each([8_158, 8_162, 8_166])(
  'redaction leaves no part of a secret at the end of a shortened text, at %s',
  (length) => {
    const text = `${'x'.repeat(length)} postgres://webmetrics:S3CRET-value@database.internal:5432/webmetrics ${'y'.repeat(500)}`;
    const { message } = redact({ message: text });
    expect(message).toMatch(/^x+ .*… \d+ characters$/);
    expect(message).not.toContain('S3C');
  },
);
