import { describe, expect, it } from '@jest/globals';
import { parseEvent } from './parse-event.js';

const eventOf = (object: unknown, more: object = {}) =>
  JSON.stringify({
    ...{ id: 'evt_1', object: 'event', type: 'some.type', created: 1_800_000_000, livemode: false },
    data: { object, ...more },
  });
const about = { chargeId: null, invoiceId: null, paymentIntentId: null };

describe('an event of Stripe', () => {
  it.each<[string, unknown, object, object]>([
    ['its object', { object: 'invoice', id: 'in_1', customer: 'cus_1' }, {}, { customerId: 'cus_1' }],
    ['its object, expanded', { object: 'invoice', customer: { id: 'cus_1' } }, {}, { customerId: 'cus_1' }],
    ['the customer itself', { object: 'customer', id: 'cus_1' }, {}, { customerId: 'cus_1' }],
    [
      'what it was before: a card that was detached',
      { object: 'payment_method', customer: null },
      { previous_attributes: { customer: 'cus_1' } },
      { customerId: 'cus_1' },
    ],
    [
      'its charge',
      { object: 'dispute', charge: 'ch_1' },
      {},
      { customerId: null, about: { ...about, chargeId: 'ch_1' } },
    ],
    [
      'its invoice',
      { object: 'invoice_payment', invoice: 'in_1', payment: {} },
      {},
      { customerId: null, about: { ...about, invoiceId: 'in_1' } },
    ],
    ['nothing', { object: 'price', id: 'price_1' }, {}, { customerId: null, about }],
    [
      'itself, when other attributes changed',
      { object: 'customer', id: 'cus_1' },
      { previous_attributes: { balance: 0 } },
      { customerId: 'cus_1' },
    ],
    ['nothing that could be stored', { object: 'invoice', customer: 'cus_\u0000' }, {}, { customerId: null, about }],
    ['nothing, and has another shape', 'an object', {}, { customerId: null, about }],
    ['nothing, and is of an unknown type', { object: 'hologram' }, {}, { customerId: null, about }],
  ])('is about the customer of %s', (_title, object, more, expected) => {
    expect(parseEvent(eventOf(object, more))).toMatchObject({ id: 'evt_1', isLive: false, ...expected });
  });

  it('of the second version has no object', () => {
    const thin = { id: 'evt_2', object: 'v2.core.event', type: 'v2.core.x', created: '2027-01-15T08:00:00.000Z' };
    const parsed = parseEvent(JSON.stringify({ ...thin, livemode: true, related_object: { id: 'x' } }));
    expect(parsed).toEqual({
      ...{ id: 'evt_2', type: 'v2.core.x', isLive: true, customerId: null, about },
      createdAt: new Date('2027-01-15T08:00:00.000Z'),
    });
  });

  it.each([
    '',
    'no JSON',
    '[]',
    'null',
    '{}',
    '{"id":"evt 1","type":"a","created":1}',
    '{"id":"evt_1","type":"a"}',
    '{"id":"evt_1","type":"\\u0000","created":1}',
    '{"id":"evt_1","type":"a","created":1e300}',
    '{"id":"evt_1","type":"a","created":-1}',
  ])('is not %p', (body) => {
    expect(() => parseEvent(body)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
