import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { givePlan, openTestServices } from '#ops/testing/test-services.js';
import { keepInUse } from '#runtime/entitlements/keep-in-use.js';
import { plans } from '#runtime/entitlements/plans.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { auth } from './index.js';
import { surplusMembers } from './services/member/surplus-members.js';
import { openPeople, PASSWORD, type TestPerson } from './testing/open-people.js';

const HOUR_MS = 60 * 60 * 1000;
const [, { limits: starter }] = plans;

describe('the members that a plan includes', () => {
  let clock = new Date();
  let services: Services;
  let people: ReturnType<typeof openPeople>;
  let owner: TestPerson;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock, isSold: true });
    people = openPeople(services, await auth.open(services));
  });
  afterAll(() => services.lifecycle.close());
  beforeEach(async () => {
    clock = new Date();
    owner = await people.signUp('Owner');
  });

  const give = (planId: string) => givePlan(services, { organizationId: owner.organizationId, planId });
  const invite = async (email: string) => (await people.invite(owner.identity, email)).code;
  const resend = (id: string) =>
    people.ask(
      'mutation ($id: ID!) { resendInvitation(invitationId: $id) { invitation { id } } }',
      { id },
      owner.identity,
    );
  const surplus = async () => {
    const { ids } = await surplusMembers(
      { manager: services.databases.get('auth')?.manager as never, services },
      owner,
    );
    return [...ids];
  };
  /** The identity as the gateway passes it. */
  const now = async ({ identity, sessionId }: TestPerson): Promise<Identity> => {
    const query = 'query ($id: ID!) { sessionIdentity(sessionId: $id) { role isReadOnly } }';
    const { data } = await people.ask(query, { id: sessionId }, { ...people.noCredentials, kind: 'service' });
    return { ...identity, ...data.sessionIdentity };
  };

  it('are counted with open invitations, expired ones not, however many are invited at once', async () => {
    await give('starter');
    const room = starter.MEMBERS - 1;
    const codes = await Promise.all(
      Array.from({ length: room + 4 }, (_, index) => invite(`guest${index}@at-once.example`)),
    );
    expect(codes.filter((code) => code === undefined)).toHaveLength(room);
    expect(new Set(codes.filter(Boolean))).toEqual(new Set(['LIMIT_REACHED']));
    const refused = await people.invite(owner.identity, 'more@at-once.example');
    expect(refused.errors[0].extensions.limit).toEqual({ name: 'MEMBERS', used: 3, allowed: 3, planId: 'pro' });

    const [invitation] = await people.rows('SELECT id FROM auth.invitation WHERE organization_id = $1 ORDER BY id', [
      owner.organizationId,
    ]);
    await people.rows('UPDATE auth.invitation SET expires_at = $2, sent_at = $2 WHERE id = $1', [
      invitation.id,
      new Date(clock.getTime() - HOUR_MS),
    ]);
    expect(await invite('instead@at-once.example')).toBeUndefined();
    expect((await resend(invitation.id)).code).toBe('LIMIT_REACHED');
    await give('pro');
    expect((await resend(invitation.id)).errors).toBeUndefined();
  });

  it('refuse those who accept an invitation that a smaller plan does not include; a larger one lets them in', async () => {
    const email = 'late@accept.example';
    await invite(email);
    const token = await people.invitationToken(email);
    await give('free');
    const given = { name: 'Late', password: PASSWORD };
    const refused = await people.accept(token, given);
    expect(refused).toMatchObject({ code: 'LIMIT_REACHED' });
    expect(await people.rows('SELECT FROM auth.person WHERE email = $1', [email])).toEqual([]);
    await give('starter');
    expect((await people.accept(token, given)).data.acceptInvitation.email).toBe(email);
  });

  it('beyond it can only read and leave: the newest, unless an owner has chosen others; one owner never is', async () => {
    const first = await people.member(owner, 'ADMIN', 'First');
    const second = await people.member(owner, 'ADMIN', 'Second');
    const third = await people.member(owner, 'ADMIN', 'Third');
    expect(await surplus()).toEqual([]);
    await give('starter');
    expect(await surplus()).toEqual([third.userId]);
    const list = '{ organization { members { edges { node { isReadOnly user { id } } } } } }';
    const { data } = await people.ask(list, {}, owner.identity);
    const readOnly = data.organization.members.edges.filter(({ node }: any) => node.isReadOnly);
    expect(readOnly.map(({ node }: any) => node.user.id)).toEqual([third.userId]);

    const rename = 'mutation { updateOrganization(name: "Renamed") { organization { name } } }';
    const limited = await now(third);
    expect(limited).toMatchObject({ role: 'ADMIN', isReadOnly: true });
    const refused = await people.ask(rename, {}, limited);
    expect(refused).toMatchObject({ code: 'FORBIDDEN' });
    expect(refused.errors[0].message).toContain('more members than its plan includes');
    expect((await people.ask('{ organization { name } }', {}, limited)).errors).toBeUndefined();
    expect((await people.ask(rename, {}, await now(second))).errors).toBeUndefined();

    const { organizationId } = owner;
    await keepInUse(services.operations, { organizationId, limit: 'MEMBERS', ids: [third.userId], now: clock });
    services.entitlements.forget(organizationId);
    expect(await surplus()).toEqual([second.userId]);
    expect((await people.ask(rename, {}, await now(third))).errors).toBeUndefined();
    // Chosen ones fill the plan: an owner stays all the same.
    await keepInUse(services.operations, {
      ...{ organizationId, limit: 'MEMBERS', now: clock },
      ids: [first.userId, second.userId, third.userId],
    });
    services.entitlements.forget(organizationId);
    expect(await surplus()).toEqual([third.userId]);
    await give('free');
    expect((await surplus()).sort()).toEqual([first.userId, second.userId, third.userId].sort());
    await give('unknown');
    expect(await surplus()).not.toContain(owner.userId);

    const leave = 'mutation ($id: ID!) { leaveOrganization(organizationId: $id) { organizationId } }';
    expect((await people.ask(leave, { id: organizationId }, await now(third))).errors).toBeUndefined();
    await give('pro');
    expect((await people.ask(rename, {}, await now(second))).errors).toBeUndefined();
  });
});
