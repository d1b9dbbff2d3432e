import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import { PERSONAL_DATA_AUDIENCE, type PersonalDataClaims } from '#runtime/identity/token-audiences.js';

const TTL_SECONDS = 5 * 60;

export interface Download {
  downloadUrl: string;
  expiresAt: Date;
}

/** Returns a link to the caller's personal data, valid for five minutes and while the session lasts. */
export async function exportMyData(context: ServiceContext): Promise<Download> {
  const { services, identity } = context;
  const personId = requirePerson(identity);
  const organizationId = identity.organizationId ?? INSTALLATION;
  const claims: PersonalDataClaims = { personId, sessionId: String(identity.sessionId) };
  const token = await services.internalSigner.signClaims({ ...claims }, PERSONAL_DATA_AUDIENCE, TTL_SECONDS);
  const target = { type: 'User', id: personId };
  await inTransaction(context, (transaction) =>
    audit(transaction, { organizationId, action: 'personal-data.exported', target }),
  );
  return {
    downloadUrl: `${services.publicUrl()}/downloads/my-data.json?token=${token}`,
    expiresAt: new Date(services.now().getTime() + TTL_SECONDS * 1000),
  };
}
