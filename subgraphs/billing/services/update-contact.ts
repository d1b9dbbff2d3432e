import { randomUUID } from 'node:crypto';
import type { Context } from '#billing/context.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { AppError } from '#runtime/errors.js';
import { currentScope } from '#runtime/scope/scope.js';

const CONTACT = /* GraphQL */ `
  query BillingContact {
    organization { name billingManagers { email } }
  }
`;

interface Contact {
  name: string;
  /** undefined = there is no owner any more: the organization is being deleted. */
  email: string | undefined;
}

/** Reads the organization's name and its first owner's address, through the graph. Throws SUBGRAPH_UNAVAILABLE. */
async function readContact({ services }: Pick<Context, 'services'>, organizationId: string): Promise<Contact> {
  const requestId = currentScope().request?.requestId ?? randomUUID();
  const caller = { part: 'billing', organizationId, requestId };
  try {
    const { organization } = await services.graph.query<{
      organization: { name: string; billingManagers: { email: string }[] };
    }>({ query: CONTACT, variables: {} }, caller);
    return { name: organization.name, email: organization.billingManagers[0]?.email };
  } catch (cause) {
    const message = 'The address for invoices cannot be read now: try again in a few seconds.';
    throw new AppError(message, 'SUBGRAPH_UNAVAILABLE', { cause });
  }
}

interface ContactChange {
  organizationId: string;
  /** Whether the organization's name is set, too: a later one was entered at the checkout. */
  isNamed?: boolean;
}

/**
 * Has invoices of the organization's customer mailed to its first owner; nothing where nothing was ever bought. Throws
 * SUBGRAPH_UNAVAILABLE, and as askStripe does.
 */
export async function updateContact(
  { services, database }: Pick<Context, 'services' | 'database'>,
  { organizationId, isNamed = false }: ContactChange,
): Promise<void> {
  const customerId = (await database.manager.findOneBy(SubscriptionEntity, { organizationId }))?.customerId;
  if (!customerId) return;
  const { name, email } = await readContact({ services }, organizationId);
  if (!email) return;
  // Missing = deleted at Stripe: the next synchronization follows it.
  await nullIfMissing(
    askStripe(services, (stripe) => stripe.customers.update(customerId, { email, ...(isNamed && { name }) })),
  );
}
