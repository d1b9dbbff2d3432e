import { pick, pickBy } from 'es-toolkit/object';
import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { givenName } from '#auth/services/person/account-input.js';
import { reviewSchedulesSoon } from '#kit/review-schedules-job.js';
import { parseInput } from '#runtime/parse-input.js';

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // An offset is a time zone, too, but does not know summer time.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

const timeZone = z.string().max(100).refine(isTimeZone, 'must be an IANA time zone such as "Europe/Berlin"');

const input = z.object({ name: givenName.nullish(), timeZone: timeZone.nullish() });

/** Changes the caller's organization: what is given. Throws InvalidInput. */
export async function updateOrganization(context: ServiceContext, given: z.input<typeof input>): Promise<Organization> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  const wanted = parseInput(input, given);
  const changed = await changeMembers(context, {
    organizationId,
    change: async (transaction, organization) => {
      requireRole(await actingRole(transaction, actor), 'ADMIN');
      const after = pickBy(
        wanted as Partial<Pick<Organization, 'name' | 'timeZone'>>,
        (value, key) => typeof value === 'string' && value !== organization[key],
      );
      const fields = Object.keys(after) as (keyof typeof after)[];
      if (fields.length === 0) return organization;
      await transaction.manager.update(OrganizationEntity, { id: organizationId }, after);
      const target = { type: 'Organization', id: organizationId };
      const before = pick(organization, fields);
      await audit(transaction, { organizationId, action: 'organization.updated', target, before, after });
      return { ...organization, ...after };
    },
  });
  if (wanted.timeZone) await reviewSchedulesSoon(context.services, { organizationId });
  return changed;
}
