import { describe, expect, it } from '@jest/globals';
import { refusalIn } from './refusal.js';

const smtpError = (command: string, response: string) =>
  Object.assign(new Error(`no: ${response}`), {
    code: 'EENVELOPE',
    command,
    response,
    responseCode: Number.parseInt(response, 10),
  });

describe('a refused mail', () => {
  it.each([
    ['RCPT TO', '550 5.1.1 No such user', 'recipient'],
    ['RCPT TO', '550 No such user', 'recipient'],
    ['RCPT TO', '553 Mailbox name not allowed', 'recipient'],
    ['RCPT TO', '550 5.1.10 Takes no mail', 'recipient'],
    ['RCPT TO', '550-5.1.1 No such user\n550 5.1.1 Really', 'recipient'],
    ['RCPT TO', '550 5.2.1 Disabled', 'recipient'],
    ['RCPT TO', '552 5.2.2 Mailbox full', 'passing'],
    ['RCPT TO', '552 Mailbox full', 'passing'],
    ['RCPT TO', '550 5.7.1 Relaying denied', 'setup'],
    ['RCPT TO', '550 5.1.8 Bad sender', 'setup'],
    ['RCPT TO', '530 5.7.0 Authentication required', 'setup'],
    ['RCPT TO', '450 4.2.0 Greylisted', 'passing'],
    ['MAIL FROM', '550 5.1.1 Sender unknown', 'setup'],
    ['MAIL FROM', '451 Later', 'passing'],
    ['MAIL FROM', '552 5.3.4 Message too big', 'message'],
    ['DATA', '554 5.7.1 Spam', 'message'],
    ['DATA', '452 4.3.1 Disk full', 'passing'],
    ['CONN', '554 5.7.1 Your address is on a list', 'setup'],
    ['CONN', '421 Busy', 'passing'],
  ])('%s %s: %s', (command, response, kind) => {
    expect(refusalIn(smtpError(command, response)).kind).toBe(kind);
  });

  it.each([
    [{ code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, 'setup'],
    [{ code: 'ETLS' }, 'setup'],
    [{ code: 'EMESSAGE', command: 'MAIL FROM' }, 'message'],
    [{ code: 'EENVELOPE', command: 'API' }, 'message'],
    [{ code: 'ESOCKET' }, 'passing'],
    [{ code: 'EABORT' }, 'passing'],
    [{}, 'passing'],
  ])('%p is %s', (properties, kind) => {
    expect(refusalIn(Object.assign(new Error('no'), properties)).kind).toBe(kind);
  });

  it('keeps its reason short', () => {
    expect(refusalIn(new Error('x'.repeat(10_000))).reason).toHaveLength(500);
  });
});
