import type { DataSource } from 'typeorm';
import { actingPerson } from '#auth/services/member/acting-person.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { PERSONAL_DATA_AUDIENCE, type PersonalDataClaims } from '#runtime/identity/token-audiences.js';
import type { Services } from '#runtime/services.js';

const TTL_SECONDS = 5 * 60;

/** Where something can be fetched, and until when. */
export interface Download {
  downloadUrl: string;
  expiresAt: Date;
}

/** Returns where the acting person finds what WebMetrics holds about them: for five minutes, for whoever has the link. */
export async function exportMyData(services: Services, database: DataSource, identity: Identity): Promise<Download> {
  const { userId: personId, organizationId } = actingPerson(identity);
  const claims: PersonalDataClaims = { personId };
  const token = await services.internalSigner.signClaims({ ...claims }, PERSONAL_DATA_AUDIENCE, TTL_SECONDS);
  const target = { type: 'User', id: personId };
  await database.transaction((manager) =>
    recordAudit(manager, identity, { organizationId, action: 'personal-data.exported', target }),
  );
  return {
    downloadUrl: `${services.publicUrl()}/downloads/my-data.json?token=${token}`,
    expiresAt: new Date(services.now().getTime() + TTL_SECONDS * 1000),
  };
}
