import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type EntityManager, LessThan } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type PendingConsent, PendingConsentEntity } from '#integrations/entities/pending-consent.js';
import { InvalidInput } from '#runtime/errors.js';
import { issueToken } from '#runtime/identity/issued-token.js';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';

const TTL_MS = 10 * 60 * 1000;

/** More at a time end the oldest. */
const MAX_PER_USER = 20;

interface Secrets {
  /** RFC 7636, 4.1. */
  codeVerifier: string;
  /** The authorization code, once the provider has redirected. */
  code?: string;
}

type Owner = Pick<PendingConsent, 'id' | 'organizationId'>;

const associatedDataOf = ({ organizationId, id }: Owner) => `integrations-consent:${organizationId}:${id}`;

export const sealedConsents: SealedColumn = {
  table: 'integrations.pending_consent',
  column: 'sealed',
  associatedDataOf,
};

const unguessable = () => randomBytes(32).toString('base64url');

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

function seal({ services }: Context, owner: Owner, secrets: Secrets): string {
  return services.sealer.seal(JSON.stringify(secrets), associatedDataOf(owner));
}

/** Returns the PKCE verifier of a consent, and its code once the provider has redirected. */
export function openConsent({ services }: Context, consent: PendingConsent): Secrets {
  return JSON.parse(services.sealer.open(consent.sealed, associatedDataOf(consent)));
}

export type ConsentRequest = Pick<
  PendingConsent,
  'organizationId' | 'userId' | 'providerId' | 'connectionId' | 'returnTo'
>;

interface Asked {
  state: string;
  codeVerifier: string;
  redirectUri: string;
  expiresAt: Date;
}

/** Of the same person in the same organization, the newest 20 stay. */
async function endOldest(manager: EntityManager, { organizationId, userId }: ConsentRequest): Promise<void> {
  await manager.query(
    `DELETE FROM integrations.pending_consent WHERE id IN (
       SELECT id FROM integrations.pending_consent WHERE organization_id = $1 AND user_id = $2
       ORDER BY created_at DESC, id OFFSET ${MAX_PER_USER})`,
    [organizationId, userId],
  );
}

/** Stores what is asked of a user for 10 minutes, under a new `state`. */
export async function askForConsent(context: Context, request: ConsentRequest): Promise<Asked> {
  const { database, services } = context;
  const createdAt = services.now();
  const expiresAt = new Date(createdAt.getTime() + TTL_MS);
  const owner = { id: randomUUID(), organizationId: request.organizationId };
  const [state, codeVerifier] = [issueToken(services.secrets.keysOf('integrations')[0]), unguessable()];
  const redirectUri = `${services.publicUrl()}/oauth/${request.providerId}/callback`;
  await database.transaction(async (manager) => {
    await manager.insert(PendingConsentEntity, {
      ...request,
      ...owner,
      redirectUri,
      sealed: seal(context, owner, { codeVerifier }),
      stateHash: hashOf(state),
      completionHash: null,
      createdAt,
      expiresAt,
    });
    await endOldest(manager, request);
  });
  return { state, codeVerifier, redirectUri, expiresAt };
}

/** Returns the consent of a `state` or a completion code, which is used up; null for one that is unknown, used or expired. */
function take(
  { database, services }: Context,
  which: { stateHash: string } | { completionHash: string },
  useUp: (manager: EntityManager, owner: Owner) => Promise<unknown>,
): Promise<PendingConsent | null> {
  return database.transaction(async (manager) => {
    const lock = { mode: 'pessimistic_write' } as const;
    const consent = await manager.findOne(PendingConsentEntity, { where: which, lock });
    if (!consent) return null;
    await useUp(manager, consent);
    return consent.expiresAt > services.now() ? consent : null;
  });
}

/** Deletes a consent. Returns whether it was there. */
export async function deleteConsent(manager: EntityManager, { id, organizationId }: Owner): Promise<boolean> {
  const { affected } = await manager.delete(PendingConsentEntity, { id, organizationId });
  return affected === 1;
}

/** Uses up a `state`. Throws InvalidInput for one that is unknown, used, expired or another provider's. */
export async function takeByState(
  context: Context,
  { state, providerId }: { state: string; providerId: string },
): Promise<PendingConsent> {
  const consent = await take(context, { stateHash: hashOf(state) }, deleteConsent);
  if (consent?.providerId === providerId) return consent;
  const problem = 'is unknown, expired or used already: start connecting again';
  throw new InvalidInput([{ argument: 'state', problem }]);
}

/** Keeps the code of a consent for 10 minutes and returns the completion code, which is nowhere else. */
export async function keepCode(
  context: Context,
  { consent, code }: { consent: PendingConsent; code: string },
): Promise<{ consent: PendingConsent; completionCode: string }> {
  const { database, services } = context;
  const completionCode = issueToken(services.secrets.keysOf('integrations')[0]);
  const kept: PendingConsent = {
    ...consent,
    sealed: seal(context, consent, { ...openConsent(context, consent), code }),
    stateHash: null,
    completionHash: hashOf(completionCode),
    expiresAt: new Date(services.now().getTime() + TTL_MS),
  };
  await database.manager.insert(PendingConsentEntity, kept);
  return { consent: kept, completionCode };
}

const invalidCode = () =>
  new InvalidInput([{ argument: 'code', problem: 'is unknown, expired or used already: start connecting again' }]);

/** Returns the consent of a completion code, which stays good. Throws InvalidInput. */
export async function getByCompletionCode(context: Context, { code }: { code: string }): Promise<PendingConsent> {
  const consent = await context.database.manager.findOneBy(PendingConsentEntity, { completionHash: hashOf(code) });
  if (!consent || consent.expiresAt <= context.services.now()) throw invalidCode();
  return consent;
}

/**
 * Uses up a completion code. Returns its consent, which stays until it is deleted, so that `endConsents` still ends it.
 * Throws InvalidInput for a code that is unknown, used or expired.
 */
export async function takeByCompletionCode(context: Context, { code }: { code: string }): Promise<PendingConsent> {
  const consent = await take(context, { completionHash: hashOf(code) }, (manager, { id, organizationId }) =>
    manager.update(PendingConsentEntity, { id, organizationId }, { completionHash: null }),
  );
  if (!consent) throw invalidCode();
  return consent;
}

/** Ends the consents that a person initiated in an organization and has not completed. */
export async function endConsents(
  { database }: Context,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<void> {
  await database.manager.delete(PendingConsentEntity, { organizationId, userId });
}

/** Deletes expired consents. */
export async function trimConsents({ database, services }: Context): Promise<void> {
  await database.manager.delete(PendingConsentEntity, { expiresAt: LessThan(services.now()) });
}
