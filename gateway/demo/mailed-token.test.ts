import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openPreviewTransport } from '#runtime/mail/mail-transport.js';
import { renderMail } from '#runtime/mail/render-mail.js';
import { mailedToken } from './mailed-token.js';

describe('mailedToken', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
  const mail = openPreviewTransport(dataDir);
  const token = (letter: string) => `${letter}-_${'x'.repeat(40)}`;
  const send = (to: string, page: string, letter: string, second: number) =>
    mail.send({
      ...renderMail({
        subject: 'Look',
        paragraphs: ['There is a link.'],
        action: { label: 'Press', url: `http://localhost:8080/${page}?token=${token(letter)}` },
      }),
      from: 'WebMetrics <webmetrics@localhost>',
      to,
      date: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
    });

  it('returns undefined without mail', async () => {
    expect(await mailedToken(join(dataDir, 'nowhere'), 'ada@example.com', 'verify-email')).toBeUndefined();
  });

  it('returns the newest for the page and the address', async () => {
    await send('ada@example.com', 'verify-email', 'a', 1);
    await send('ada@example.com', 'verify-email', 'b', 3);
    await send('ada@example.com', 'reset-password', 'c', 4);
    await send('bea@example.com', 'verify-email', 'd', 5);
    expect(await mailedToken(dataDir, 'ada@example.com', 'verify-email')).toBe(token('b'));
    expect(await mailedToken(dataDir, 'ada@example.com', 'accept-invitation')).toBeUndefined();
  });
});
