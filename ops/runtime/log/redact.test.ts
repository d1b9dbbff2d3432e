import { expect, it } from '@jest/globals';
import { redact } from './redact.js';
import { redactText } from './redact-text.js';

it.each([8_158, 8_162, 8_166])(
  'redaction leaves no part of a secret at the end of a shortened text, at %s',
  (length) => {
    const text = `${'x'.repeat(length)} postgres://webmetrics:S3CRET-value@database.internal:5432/webmetrics ${'y'.repeat(500)}`;
    const { message } = redact({ message: text });
    expect(message).toMatch(/^x+ .*… \d+ characters$/);
    expect(message).not.toContain('S3C');
  },
);

it.each(['whsec_P8b/kAB9+Ow+ZBcCQAG6sLSDW3ovZ4AfGxzSRNkQZGw=', 'whsec_N8hGWfccCcF8BbUrBlo9aeFqZVilMtAGKoOkNx9vz34='])(
  'redaction leaves no part of the secret of a webhook: %s',
  (secret) => {
    expect(redactText(`signed with ${secret} now`)).toBe('signed with [redacted] now');
  },
);
