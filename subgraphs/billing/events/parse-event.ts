import { z } from 'zod';
import { InvalidInput } from '#runtime/errors.js';

// What else is in a signed event is stored with it, but not looked for in the database.
const word = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const reference = z.union([word, z.object({ id: word }).transform(({ id }) => id)]);
/** The end of the year 9999. */
const MAX_SECONDS = 253_402_300_799;

// Of events of the second version, `created` is text, and there is no object.
const event = z.object({
  id: word,
  type: word,
  created: z.union([
    z
      .number()
      .min(0)
      .max(MAX_SECONDS)
      .transform((seconds) => new Date(seconds * 1000)),
    z.iso.datetime().transform((text) => new Date(text)),
  ]),
  livemode: z.boolean().default(false),
  data: z
    .object({
      object: z.looseObject({ id: z.string().optional(), object: z.string().optional() }),
      previous_attributes: z.looseObject({ customer: z.unknown().optional() }).nullish(),
    })
    .optional()
    // A signed event is stored whatever is in it.
    .catch(undefined),
});

/** What is read of an event: whom it is about, and when it happened. */
export interface ParsedEvent {
  id: string;
  type: string;
  createdAt: Date;
  isLive: boolean;
  /** null = it does not say. */
  customerId: string | null;
  /** Where its customer is found when it does not say: a dispute has a charge, a payment an invoice. */
  about: { chargeId: string | null; invoiceId: string | null; paymentIntentId: string | null };
}

const idIn = (value: unknown): string | null => reference.safeParse(value).data ?? null;

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new InvalidInput([{ argument: 'body', problem: 'is no JSON' }], { cause });
  }
}

/** Returns what is read of an event. Throws InvalidInput for what is none. */
export function parseEvent(body: string): ParsedEvent {
  const parsed = event.safeParse(parseJson(body));
  if (!parsed.success) {
    throw new InvalidInput([{ argument: 'body', problem: `is no event: ${parsed.error.issues[0]?.path.join('.')}` }]);
  }
  const { id, type, created, livemode, data } = parsed.data;
  const object = data?.object ?? {};
  const isCustomer = object.object === 'customer';
  const customerId = isCustomer
    ? idIn(object.id)
    : (idIn(object.customer) ?? idIn(data?.previous_attributes?.customer));
  return {
    ...{ id, type, createdAt: created, isLive: livemode, customerId },
    about: {
      chargeId: idIn(object.charge),
      invoiceId: idIn(object.invoice),
      paymentIntentId: idIn(object.payment_intent),
    },
  };
}
