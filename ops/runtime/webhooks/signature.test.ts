import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, webhookHeaders } from './signature.js';

const body = '{"type":"report.ready","data":{"title":"Übersicht"}}';

describe('the headers of a webhook', () => {
  it('equal the vector of Standard Webhooks', () => {
    const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
    const message = { id: 'msg_1', sentAt: new Date(1_800_000_000_999), body: '{"type":"report.ready"}' };
    expect(webhookHeaders([secret], message)).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1800000000',
      'webhook-signature': 'v1,0/QipK28m7dct1gMP/X754JhCBhysga/hjBGffP1KZE=',
    });
  });

  it('are verified with each of two secrets, and with no other', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    const headers = webhookHeaders(secrets, { id: 'msg_1', sentAt: new Date(), body });
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow();
    expect(() => new Webhook(secrets[0]!).verify(`${body} `, headers)).toThrow();
  });
});
