import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { type SignedBody, verifySignature } from './verify-signature.js';

const SECRET = 'whsec_test_secret';
const OLD = 'whsec_the_secret_before';
const AT = 1_800_000_000;
const body = '{"id":"evt_1","object":"event","type":"invoice.paid","data":{"object":{"id":"in_1"}}}';
// Computed once with openssl: echo -n '1800000000.<body>' | openssl dgst -sha256 -hmac whsec_test_secret
const VECTOR = '19a1189fa04bdf9c0dd5b1da271bdf4a28d22d2ff4614c585d2c55e7982a7fe9';

const v1 = (secret: string, timestamp: number | string = AT, text = body) =>
  createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex');
const signed = (given: Partial<SignedBody> = {}, seconds = 0) => ({
  body,
  signature: `t=${AT},v1=${VECTOR}`,
  secrets: [SECRET],
  now: new Date((AT + seconds) * 1000),
  ...given,
});
const codeOf = (given: SignedBody) => {
  try {
    verifySignature(given);
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('the signature of an event', () => {
  it('is the one of the vector, and of the official client', () => {
    expect(codeOf(signed())).toBe('accepted');
    const stripe = new Stripe('sk_test_0123456789', { telemetry: false });
    const theirs = stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp: AT });
    expect(theirs).toContain(`v1=${VECTOR}`);
    expect(codeOf(signed({ signature: theirs }))).toBe('accepted');
  });

  it.each<[string, Partial<SignedBody>]>([
    ['the second of two v1, while a secret is replaced', { signature: `t=${AT},v1=${v1(OLD)},v1=${VECTOR}` }],
    ['the second of two secrets', { secrets: [OLD, SECRET] }],
    ['beside another scheme', { signature: `t=${AT},v0=${'0'.repeat(64)},v1=${VECTOR}` }],
    ['in another order', { signature: `v1=${VECTOR},t=${AT}` }],
    [
      'over the bytes as they are',
      { body: '{"name":"Zoë \\u0000 😀"}\n', signature: `t=${AT},v1=${v1(SECRET, AT, '{"name":"Zoë \\u0000 😀"}\n')}` },
    ],
  ])('is accepted: %s', (_title, given) => {
    expect(codeOf(signed(given))).toBe('accepted');
  });

  it.each<[string, Partial<SignedBody>]>([
    ['an altered body', { body: body.replace('in_1', 'in_2') }],
    ['a body that was parsed and written again', { body: JSON.stringify(JSON.parse(body), null, 2) }],
    ['a body with a mark at its beginning', { body: `\uFEFF${body}` }],
    ['nothing', { signature: '' }],
    ['no time', { signature: `v1=${VECTOR}` }],
    ['two times', { signature: `t=${AT},t=${AT + 1},v1=${VECTOR}` }],
    ['another time than was signed', { signature: `t=${AT + 1},v1=${VECTOR}` }],
    ['a time that is none', { signature: `t=now,v1=${v1(SECRET, 'now')}` }],
    ['a time in the exponent', { signature: `t=18e8,v1=${v1(SECRET, '18e8')}` }],
    ['a negative time', { signature: `t=-${AT},v1=${v1(SECRET, -AT)}` }],
    ['v0 only', { signature: `t=${AT},v0=${VECTOR}` }],
    ['v1 in upper case', { signature: `t=${AT},v1=${VECTOR.toUpperCase()}` }],
    ['v1 cut', { signature: `t=${AT},v1=${VECTOR.slice(0, -1)}` }],
    ['v1 with more behind it', { signature: `t=${AT},v1=${VECTOR}00` }],
    ['a space after the comma', { signature: `t=${AT}, v1=${VECTOR}` }],
    ['another secret', { secrets: [OLD] }],
    ['a secret without its prefix', { secrets: [SECRET.replace('whsec_', '')] }],
    ['no secret', { secrets: [] }],
    ['an empty secret', { secrets: [SECRET.slice(0, 0)], signature: `t=${AT},v1=${'0'.repeat(64)}` }],
  ])('is refused: %s', (_title, given) => {
    expect(codeOf(signed(given))).toBe('SIGNATURE_INVALID');
  });

  it.each([
    [300, 'accepted'],
    [301, 'SIGNATURE_INVALID'],
    [3_600, 'SIGNATURE_INVALID'],
    [-300, 'accepted'],
    [-301, 'SIGNATURE_INVALID'],
    [-86_400, 'SIGNATURE_INVALID'],
  ])('made %d seconds before now is %s', (seconds, expected) => {
    expect(codeOf(signed({}, seconds))).toBe(expected);
  });
});
