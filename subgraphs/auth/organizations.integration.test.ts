import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { DROP_CLIENT, type DroppedClient } from '#kit/drop-client-job.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { type GraphOperation, GraphRequestFailed } from '#runtime/http/graph-client.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { auth } from './index.js';
import { openPeople, PASSWORD, type TestPerson } from './testing/open-people.js';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('organizations', () => {
  let clock = new Date();
  let services: Services;
  let subgraph: RunningSubgraph;
  let people: ReturnType<typeof openPeople>;
  let owner: TestPerson;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock });
    subgraph = await auth.open(services);
    people = openPeople(services, subgraph);
  });
  afterAll(() => services.lifecycle.close());
  beforeEach(async () => {
    clock = new Date();
    owner = await people.signUp('Owner');
  });

  const CHANGE_ROLE =
    'mutation ($id: ID!, $role: Role!) { changeMemberRole(userId: $id, role: $role) { member { role user { id role } } } }';
  const changeRole = (as: Identity, id: string, role: Role) => people.ask(CHANGE_ROLE, { id, role }, as);
  const remove = (as: Identity, id: string) =>
    people.ask('mutation ($id: ID!) { removeMember(userId: $id) { userId } }', { id }, as);
  const leave = (as: Identity, id: string) =>
    people.ask('mutation ($id: ID!) { leaveOrganization(organizationId: $id) { organizationId } }', { id }, as);
  const transfer = (as: Identity, id: string, password = PASSWORD) =>
    people.ask(
      'mutation ($id: ID!, $password: String!) { transferOwnership(userId: $id, password: $password) { member { role } } }',
      { id, password },
      as,
    );
  const invitations = async (as: Identity) =>
    people.ask('{ organization { name invitations { id email role invitedBy { name } } } }', {}, as);
  const membersOf = async (as: Identity, page = '') => {
    const { data } = await people.ask(
      `{ organization { members${page} { edges { cursor node { role joinedAt lastSeenAt user { id name email } } } pageInfo { hasNextPage endCursor } } } }`,
      {},
      as,
    );
    return data.organization.members;
  };
  const rolesIn = (organizationId: string) =>
    people.rows('SELECT role FROM auth.membership WHERE organization_id = $1 ORDER BY role', [organizationId]);
  const details = ({ errors }: { errors: any }) => errors[0].extensions.details;

  describe('an invitation', () => {
    it('creates the account of a new member with their name and password', async () => {
      const email = `new-${randomUUID()}@example.com`;
      const { data } = await people.invite(owner.identity, email, 'ANALYST');
      expect(data.inviteMember.invitation).toMatchObject({ email, role: 'ANALYST', invitedBy: { name: 'Owner' } });
      const token = await people.invitationToken(email);
      const preview = 'query ($t: String!) { invitation(token: $t) { organizationName email role hasAccount } }';
      expect((await people.ask(preview, { t: token })).data.invitation).toEqual({
        organizationName: 'Company of Owner',
        email,
        role: 'ANALYST',
        hasAccount: false,
      });
      const accepted = await people.accept(token, { name: 'Newcomer', password: PASSWORD });
      expect(accepted.data.acceptInvitation).toMatchObject({ organizationId: owner.organizationId, email });
      const logIn = 'mutation ($e: String!, $p: String!) { logIn(email: $e, password: $p) { user { name role } } }';
      const loggedIn = await people.ask(logIn, { e: email, p: PASSWORD });
      expect(loggedIn.data.logIn.user).toEqual({ name: 'Newcomer', role: 'ANALYST' });
      expect((await invitations(owner.identity)).data.organization.invitations).toEqual([]);
    });

    it('needs a name and a good password for a new account, and stays valid until then', async () => {
      const email = `new-${randomUUID()}@example.com`;
      await people.invite(owner.identity, email);
      const token = await people.invitationToken(email);
      const without = await people.accept(token);
      expect(details(without).map(({ argument }: any) => argument)).toEqual(['name', 'password']);
      expect(details(await people.accept(token, { name: ' ', password: 'short' }))).toHaveLength(2);
      expect((await people.accept(token, { name: 'N', password: PASSWORD })).errors).toBeUndefined();
    });

    it('is accepted by a person signed in with its address in any case, and by no other', async () => {
      const invited = await people.signUp('Invited');
      const stranger = await people.signUp('Stranger');
      await people.invite(owner.identity, invited.email.toUpperCase(), 'VIEWER');
      const token = await people.invitationToken(invited.email.toUpperCase());
      expect((await people.accept(token, {}, stranger.identity)).code).toBe('FORBIDDEN');
      expect((await people.accept(token)).code).toBe('UNAUTHENTICATED');
      expect((await people.accept(token, {}, { ...invited.identity, kind: 'apiKey' })).code).toBe('FORBIDDEN');
      expect((await people.accept(token, {}, invited.identity)).errors).toBeUndefined();
      const { data } = await people.ask('{ me { memberships { organizationName role } } }', {}, invited.identity);
      expect(data.me.memberships).toEqual([
        { organizationName: 'Company of Invited', role: 'OWNER' },
        { organizationName: 'Company of Owner', role: 'VIEWER' },
      ]);
    });

    it("is accepted with the account's password by a person without an organization", async () => {
      const gone = await people.member(owner, 'VIEWER', 'Gone');
      await remove(owner.identity, gone.userId);
      await people.invite(owner.identity, gone.email, 'ADMIN');
      const token = await people.invitationToken(gone.email);
      expect(details(await people.accept(token, { password: 'wrong password' }))[0].argument).toBe('password');
      expect((await people.accept(token, { password: PASSWORD })).errors).toBeUndefined();
      expect((await membersOf(owner.identity)).edges.map(({ node }: any) => node.role)).toEqual(['OWNER', 'ADMIN']);
    });

    it('is invalidated by ten wrong passwords, concurrent ones too', async () => {
      const invited = await people.signUp('Guessed');
      await people.invite(owner.identity, invited.email);
      const token = await people.invitationToken(invited.email);
      for (let guess = 0; guess < 10; guess += 1) await people.accept(token, { password: `wrong ${guess}` });
      expect(details(await people.accept(token, { password: PASSWORD }))[0].argument).toBe('token');
    });

    it('is accepted once, concurrently too', async () => {
      const email = `new-${randomUUID()}@example.com`;
      await people.invite(owner.identity, email);
      const token = await people.invitationToken(email);
      const tries = Array.from({ length: 5 }, () => people.accept(token, { name: 'N', password: PASSWORD }));
      const answers = await Promise.all(tries);
      expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
      expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([undefined, 'BAD_USER_INPUT']));
      expect((await people.accept(token, { name: 'N', password: PASSWORD })).code).toBe('BAD_USER_INPUT');
      expect(await people.trail(owner.organizationId, 'invitation.accepted')).toHaveLength(1);
    });

    it('expires after seven days, and does not prevent a new one', async () => {
      const email = `new-${randomUUID()}@example.com`;
      await people.invite(owner.identity, email);
      const token = await people.invitationToken(email);
      clock = new Date(clock.getTime() + 7 * DAY_MS);
      expect((await people.accept(token, { name: 'N', password: PASSWORD })).code).toBe('BAD_USER_INPUT');
      expect((await people.invite(owner.identity, email)).errors).toBeUndefined();
    });

    it('gets a new link when it is resent, which replaces the old one', async () => {
      const email = `new-${randomUUID()}@example.com`;
      const { data } = await people.invite(owner.identity, email);
      const first = await people.invitationToken(email);
      const resend = 'mutation ($id: ID!) { resendInvitation(invitationId: $id) { invitation { expiresAt } } }';
      const { id } = data.inviteMember.invitation;
      expect((await people.ask(resend, { id }, owner.identity)).code).toBe('RATE_LIMITED');
      clock = new Date(clock.getTime() + DAY_MS);
      expect((await people.ask(resend, { id }, owner.identity)).errors).toBeUndefined();
      expect((await people.accept(first, { name: 'N', password: PASSWORD })).code).toBe('BAD_USER_INPUT');
      const second = await people.invitationToken(email);
      expect((await people.accept(second, { name: 'N', password: PASSWORD })).errors).toBeUndefined();
    });

    it('is invalid once it is revoked', async () => {
      const email = `new-${randomUUID()}@example.com`;
      const { data } = await people.invite(owner.identity, email);
      const revoke = 'mutation ($id: ID!) { revokeInvitation(invitationId: $id) { invitationId } }';
      const { id } = data.inviteMember.invitation;
      expect((await people.ask(revoke, { id }, owner.identity)).data.revokeInvitation.invitationId).toBe(id);
      const token = await people.invitationToken(email);
      expect((await people.accept(token, { name: 'N', password: PASSWORD })).code).toBe('BAD_USER_INPUT');
      expect((await people.ask(revoke, { id }, owner.identity)).code).toBe('NOT_FOUND');
    });

    it('is refused for a member, an invited address and an invalid one', async () => {
      const email = `new-${randomUUID()}@example.com`;
      await people.invite(owner.identity, email);
      expect((await people.invite(owner.identity, email.toUpperCase())).code).toBe('CONFLICT');
      expect((await people.invite(owner.identity, owner.email)).code).toBe('CONFLICT');
      for (const wrong of ['nonsense', 'a@b.c\nBcc: x@y.z', `a\0@example.com`, `${'x'.repeat(400)}@example.com`])
        expect((await people.invite(owner.identity, wrong)).code).toBe('BAD_USER_INPUT');
    });

    describe('is not a means to send mail to strangers:', () => {
      const revoke = 'mutation ($id: ID!) { revokeInvitation(invitationId: $id) { invitationId } }';
      const mailed = async (domain: string) =>
        people.rows("SELECT recipient FROM operations.mail WHERE kind = 'invitation' AND recipient LIKE $1", [
          `%@${domain}`,
        ]);

      it('one address gets five in a day, from all organizations, revoked or not, with or without a tag', async () => {
        const domain = `${randomUUID()}.example`;
        const codes: (string | undefined)[] = [];
        for (let attempt = 0; attempt < 8; attempt += 1) {
          const from = attempt < 4 ? owner : await people.signUp('Another');
          const address = attempt % 2 ? `victim+${attempt}@${domain}` : `Victim@${domain}`;
          const { data, code, errors } = await people.invite(from.identity, address);
          codes.push(code);
          if (errors) expect(errors[0].extensions.retryAfter).toBeGreaterThan(86_000);
          const id = data?.inviteMember?.invitation.id;
          if (id) await people.ask(revoke, { id }, from.identity);
        }
        expect(codes).toEqual([...Array(5).fill(undefined), ...Array(3).fill('RATE_LIMITED')]);
        expect(await mailed(domain)).toHaveLength(5);
        await people.rows(
          "UPDATE operations.mail SET created_at = now() - interval '25 hours' WHERE recipient LIKE $1",
          [`%@${domain}`],
        );
        expect((await people.invite(owner.identity, `victim@${domain}`)).errors).toBeUndefined();
      });

      it('an organization sends fifty in a day, concurrently too', async () => {
        const domain = `${randomUUID()}.example`;
        const invite = (n: number) => people.invite(owner.identity, `person${n}@${domain}`);
        for (let n = 0; n < 40; n += 1) expect((await invite(n)).errors).toBeUndefined();
        const answers = await Promise.all(Array.from({ length: 15 }, (_, n) => invite(40 + n)));
        expect(answers.filter(({ errors }) => !errors)).toHaveLength(10);
        expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(5);
        expect(await mailed(domain)).toHaveLength(50);
        // What was not mailed was not stored.
        expect((await invitations(owner.identity)).data.organization.invitations).toHaveLength(50);
      });

      it('names are quoted in the subject, and cannot contain addresses', async () => {
        const email = `new-${randomUUID()}@example.com`;
        const rename = 'mutation ($name: String!) { updateOrganization(name: $name) { organization { name } } }';
        const poisoned = await people.ask(rename, { name: 'Acme. Pay now: https://evil.example/pay' }, owner.identity);
        expect(details(poisoned)).toEqual([{ argument: 'name', problem: expect.stringContaining('an address') }]);
        await people.invite(owner.identity, email);
        const [mail] = await people.rows('SELECT subject FROM operations.mail WHERE recipient = $1', [email]);
        expect(mail?.subject).toBe('“Owner” invites you to “Company of Owner” on WebMetrics');
      });

      it('who declines it ends it, and gets no more of any organization', async () => {
        const email = `new-${randomUUID()}@example.com`;
        await people.invite(owner.identity, email);
        const [mail] = await people.rows('SELECT text FROM operations.mail WHERE recipient = $1', [email]);
        const token = /\/decline-mail\?token=([\w-]+)/.exec(mail?.text ?? '')?.[1];
        const invitation = await people.invitationToken(email);
        const decline = 'mutation ($token: String!) { declineMail(token: $token) }';
        for (const _twice of [1, 2]) expect((await people.ask(decline, { token })).data).toEqual({ declineMail: true });
        expect((await people.ask(decline, { token: 'wmd_made-up' })).code).toBe('BAD_USER_INPUT');
        expect((await people.accept(invitation, { name: 'N', password: PASSWORD })).code).toBe('BAD_USER_INPUT');
        expect(await people.trail(owner.organizationId, 'invitation.declined')).toHaveLength(1);
        const another = await people.signUp('Another');
        for (const who of [owner, another]) {
          expect((await people.invite(who.identity, email.replace('@', '+again@'))).code).toBe('CONFLICT');
        }
        const stored = JSON.stringify(await people.rows('SELECT decline_hash, mailbox FROM operations.mail'));
        expect(stored).not.toContain(token);
      });
    });

    it('is stored without its token', async () => {
      const email = `new-${randomUUID()}@example.com`;
      await people.invite(owner.identity, email);
      const token = await people.invitationToken(email);
      expect(token).toMatch(/^wmi_/);
      expect(JSON.stringify(await people.rows('SELECT * FROM auth.invitation'))).not.toContain(token);
    });

    it('is shown to administrators only', async () => {
      await people.invite(owner.identity, `new-${randomUUID()}@example.com`);
      const admin = await people.member(owner, 'ADMIN');
      const analyst = await people.member(owner, 'ANALYST');
      expect((await invitations(admin.identity)).data.organization.invitations).toHaveLength(1);
      const { data, code } = await invitations(analyst.identity);
      expect(data.organization).toEqual({ name: 'Company of Owner', invitations: null });
      expect(code).toBe('FORBIDDEN');
    });
  });

  describe('roles', () => {
    it('are never given or taken with a weaker one', async () => {
      const admin = await people.member(owner, 'ADMIN');
      const viewer = await people.member(owner, 'VIEWER');
      const address = `new-${randomUUID()}@example.com`;
      expect((await people.invite(admin.identity, address, 'OWNER')).code).toBe('FORBIDDEN');
      expect((await people.invite(admin.identity, address, 'ADMIN')).errors).toBeUndefined();
      expect((await changeRole(admin.identity, viewer.userId, 'OWNER')).code).toBe('FORBIDDEN');
      expect((await changeRole(admin.identity, admin.userId, 'OWNER')).code).toBe('FORBIDDEN');
      expect((await changeRole(admin.identity, owner.userId, 'VIEWER')).code).toBe('FORBIDDEN');
      expect((await remove(admin.identity, owner.userId)).code).toBe('FORBIDDEN');
      expect((await changeRole(admin.identity, viewer.userId, 'ANALYST')).errors).toBeUndefined();
      const { data } = await people.invite(owner.identity, `owner-${randomUUID()}@example.com`, 'OWNER');
      const { id } = data.inviteMember.invitation;
      for (const mutation of ['revokeInvitation', 'resendInvitation']) {
        const query = `mutation ($id: ID!) { ${mutation}(invitationId: $id) { __typename } }`;
        expect((await people.ask(query, { id }, admin.identity)).code).toBe('FORBIDDEN');
      }
    });

    it('are looked up when they are used, not taken from the identity', async () => {
      const admin = await people.member(owner, 'ADMIN');
      const viewer = await people.member(owner, 'VIEWER');
      await changeRole(owner.identity, admin.userId, 'VIEWER');
      // The identity still says ADMIN, as in the cache of a gateway.
      expect((await changeRole(admin.identity, viewer.userId, 'ANALYST')).code).toBe('FORBIDDEN');
      expect((await people.invite(admin.identity, 'x@example.com', 'VIEWER')).code).toBe('FORBIDDEN');
    });

    it('take effect at once in open sessions', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      const remembered = sessionIdentityCache(services.cache);
      await remembered.set(viewer.sessionId, { role: 'VIEWER' }, 10_000);
      const { data } = await changeRole(owner.identity, viewer.userId, 'ADMIN');
      expect(data.changeMemberRole.member).toEqual({ role: 'ADMIN', user: { id: viewer.userId, role: 'ADMIN' } });
      expect(await remembered.get(viewer.sessionId)).toBeUndefined();
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ role: 'ADMIN' });
    });
  });

  it('rights of members are set by owners, at once, and are recorded', async () => {
    const set = (as: Identity, id: string, rights: string[]) =>
      people.ask(
        'mutation ($id: ID!, $rights: [MemberRight!]!) { setMemberRights(userId: $id, rights: $rights) { member { role rights } } }',
        { id, rights },
        as,
      );
    const managers = async (as: Identity) =>
      (await people.ask('{ organization { billingManagers { id } members { edges { node { rights } } } } }', {}, as))
        .data.organization;
    const viewer = await people.member(owner, 'VIEWER');
    const admin = await people.member(owner, 'ADMIN');
    const remembered = sessionIdentityCache(services.cache);
    await remembered.set(viewer.sessionId, { role: 'VIEWER', rights: [] }, 10_000);
    expect(await set(admin.identity, viewer.userId, ['BILLING'])).toMatchObject({ code: 'FORBIDDEN' });
    expect(await set({ ...admin.identity, role: 'OWNER' }, viewer.userId, ['BILLING'])).toMatchObject({
      code: 'FORBIDDEN',
    });
    for (const id of [randomUUID(), 'no-uuid', (await people.signUp('Stranger')).userId])
      expect(await set(owner.identity, id, ['BILLING'])).toMatchObject({ code: 'NOT_FOUND' });
    const { data } = await set(owner.identity, viewer.userId, ['BILLING', 'BILLING']);
    expect(data.setMemberRights.member).toEqual({ role: 'VIEWER', rights: ['BILLING'] });
    await set(owner.identity, viewer.userId, ['BILLING']);
    expect(await remembered.get(viewer.sessionId)).toBeUndefined();
    expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ role: 'VIEWER', rights: ['BILLING'] });
    const ids = [owner, viewer].map(({ userId: id }) => ({ id }));
    expect((await managers({ ...viewer.identity, rights: ['BILLING'] })).billingManagers).toEqual(ids);
    expect((await managers(owner.identity)).members.edges.map(({ node }: any) => node.rights)).toEqual(
      expect.arrayContaining([[], ['BILLING']]),
    );
    await set(owner.identity, viewer.userId, []);
    expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ rights: [] });
    expect(await people.trail(owner.organizationId, 'member.rights-set')).toMatchObject([
      { before: { rights: [] }, after: { rights: ['BILLING'] }, target_id: viewer.userId },
      { before: { rights: ['BILLING'] }, after: { rights: [] }, target_id: viewer.userId },
    ]);
  });

  describe('a limit to clients', () => {
    const [acme, bolt] = [randomUUID(), randomUUID()].sort() as [string, string];
    const MEMBER = 'member { role user { id } clients { id } }';
    const limit = (as: Identity, id: string, clientIds: string[]) =>
      people.ask(
        `mutation ($id: ID!, $clientIds: [ID!]!) { limitMember(userId: $id, clientIds: $clientIds) { ${MEMBER} } }`,
        { id, clientIds },
        as,
      );
    const lift = (as: Identity, id: string) =>
      people.ask(`mutation ($id: ID!) { liftMemberLimit(userId: $id) { ${MEMBER} } }`, { id }, as);
    const inviteLimited = (email: string, role: Role, clientIds: string[]) =>
      people.ask(
        `mutation ($email: String!, $role: Role!, $clientIds: [ID!]) {
          inviteMember(email: $email, role: $role, clientIds: $clientIds) { invitation { id clients { id } } } }`,
        { email, role, clientIds },
        owner.identity,
      );
    /** The graph, in which these clients exist in every organization. */
    const graph = {
      isAway: false,
      query: async ({ variables }: GraphOperation) => {
        if (graph.isAway) throw new Error('connect ECONNREFUSED');
        if ((variables.clientIds as string[]).every((id) => [acme, bolt].includes(id))) return {} as never;
        throw new GraphRequestFailed('There is no client with this id.', 'NOT_FOUND');
      },
    };

    beforeEach(() => {
      graph.isAway = false;
      Object.assign(services, { graph });
    });

    it('and rights exclude each other', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      const give = (rights: string[]) =>
        people.ask(
          'mutation ($id: ID!, $rights: [MemberRight!]!) { setMemberRights(userId: $id, rights: $rights) { member { rights } } }',
          { id: viewer.userId, rights },
          owner.identity,
        );
      await give(['BILLING']);
      expect((await limit(owner.identity, viewer.userId, [acme])).code).toBe('CONFLICT');
      await give([]);
      expect((await limit(owner.identity, viewer.userId, [acme])).errors).toBeUndefined();
      expect((await give(['BILLING'])).code).toBe('CONFLICT');
    });

    it('is that of a VIEWER, set and lifted by administrators, at once', async () => {
      const admin = await people.member(owner, 'ADMIN');
      const viewer = await people.member(owner, 'VIEWER');
      const remembered = sessionIdentityCache(services.cache);
      await remembered.set(viewer.sessionId, { role: 'VIEWER', clientIds: null }, 10_000);
      const { data } = await limit(admin.identity, viewer.userId.toUpperCase(), [bolt, acme.toUpperCase(), bolt]);
      const clients = [{ id: acme }, { id: bolt }];
      expect(data.limitMember.member).toEqual({ role: 'VIEWER', user: { id: viewer.userId }, clients });
      expect(await remembered.get(viewer.sessionId)).toBeUndefined();
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ clientIds: [acme, bolt] });
      const { data: own } = await people.ask(
        '{ me { memberships { organizationId isLimited } } }',
        {},
        viewer.identity,
      );
      expect(own.me.memberships).toEqual([
        { organizationId: expect.any(String), isLimited: false },
        { organizationId: owner.organizationId, isLimited: true },
      ]);
      // Setting the same again changes nothing.
      await limit(admin.identity, viewer.userId, [acme, bolt]);
      expect((await lift(admin.identity, viewer.userId)).data.liftMemberLimit.member.clients).toBeNull();
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ clientIds: null });
      const changes = [
        ...(await people.trail(owner.organizationId, 'member.limited')),
        ...(await people.trail(owner.organizationId, 'member.limit-lifted')),
      ];
      expect(changes.map(({ before, after, target_id }) => ({ before, after, target_id }))).toEqual([
        { before: { clientIds: null }, after: { clientIds: [acme, bolt] }, target_id: viewer.userId },
        { before: { clientIds: [acme, bolt] }, after: { clientIds: null }, target_id: viewer.userId },
      ]);
    });

    it('is refused for unknown clients, none and other roles, and when clients cannot be read', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      const analyst = await people.member(owner, 'ANALYST');
      const refusals = [
        [await limit(owner.identity, viewer.userId, [acme, randomUUID()]), 'NOT_FOUND'],
        [await limit(owner.identity, viewer.userId, ['nonsense\u0000']), 'NOT_FOUND'],
        [await limit(owner.identity, viewer.userId, []), 'BAD_USER_INPUT'],
        [await limit(owner.identity, randomUUID(), [acme]), 'NOT_FOUND'],
        [await limit(owner.identity, analyst.userId, [acme]), 'CONFLICT'],
        [await limit(owner.identity, owner.userId, [acme]), 'CONFLICT'],
        [await limit(analyst.identity, viewer.userId, [acme]), 'FORBIDDEN'],
        [await lift(viewer.identity, viewer.userId), 'FORBIDDEN'],
        [await inviteLimited('a@example.com', 'ANALYST', [acme]), 'BAD_USER_INPUT'],
        [await inviteLimited('a@example.com', 'VIEWER', [randomUUID()]), 'NOT_FOUND'],
        [await inviteLimited('a@example.com', 'VIEWER', []), 'BAD_USER_INPUT'],
      ];
      expect(refusals.map(([{ code }]) => code)).toEqual(refusals.map(([, code]) => code));
      graph.isAway = true;
      expect((await limit(owner.identity, viewer.userId, [acme])).code).toBe('SUBGRAPH_UNAVAILABLE');
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ clientIds: null });
    });

    it('is not lost with another change: a role, another invitation, joining again', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      await limit(owner.identity, viewer.userId, [acme]);
      expect((await changeRole(owner.identity, viewer.userId, 'ANALYST')).code).toBe('CONFLICT');
      expect((await transfer(owner.identity, viewer.userId)).code).toBe('CONFLICT');
      expect((await changeRole(owner.identity, viewer.userId, 'VIEWER')).code).toBeUndefined();
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ role: 'VIEWER', clientIds: [acme] });
      await lift(owner.identity, viewer.userId);
      expect((await changeRole(owner.identity, viewer.userId, 'ANALYST')).code).toBeUndefined();
      const raise = `UPDATE auth.membership SET client_ids = '{}' WHERE person_id = '${viewer.userId}'`;
      await expect(people.rows(raise)).rejects.toThrow('membership_client_ids_check');
    });

    it('comes with an invitation, also when it is sent again', async () => {
      const guest = await people.signUp('Guest');
      const { data } = await inviteLimited(guest.email, 'VIEWER', [acme]);
      expect(data.inviteMember.invitation.clients).toEqual([{ id: acme }]);
      clock = new Date(clock.getTime() + 2 * 60_000);
      const resend = 'mutation ($id: ID!) { resendInvitation(invitationId: $id) { invitation { clients { id } } } }';
      const again = await people.ask(resend, { id: data.inviteMember.invitation.id }, owner.identity);
      expect(again.data.resendInvitation.invitation.clients).toEqual([{ id: acme }]);
      await people.accept(await people.invitationToken(guest.email), {}, guest.identity);
      const joined = await people.switchTo(guest.identity, owner.organizationId);
      const { sessionId } = people.personOf(joined.data.switchOrganization, guest.email);
      expect(await people.sessionIdentity(sessionId)).toMatchObject({ role: 'VIEWER', clientIds: [acme] });
    });

    it('loses a client that is deleted, and leaves a member of none with nothing', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      await limit(owner.identity, viewer.userId, [acme, bolt]);
      await inviteLimited(`pending-${randomUUID()}@example.com`, 'VIEWER', [acme]);
      const job = subgraph.jobs.find(({ name }) => name === DROP_CLIENT) as JobDefinition<DroppedClient> | undefined;
      const drop = (key: string, of: string) => job?.run({ key, organizationId: of }, testJobRun());
      const { organizationId } = owner;
      for (const clientId of [acme, randomUUID(), acme]) await drop(clientId, organizationId);
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ clientIds: [bolt] });
      await drop(bolt, randomUUID());
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ clientIds: [bolt] });
      await drop(bolt, organizationId);
      expect(await people.sessionIdentity(viewer.sessionId)).toMatchObject({ clientIds: [] });
      const pending = await people.rows('SELECT client_ids FROM auth.invitation WHERE organization_id = $1', [
        organizationId,
      ]);
      expect(pending).toEqual([{ client_ids: [] }]);
    });

    it('hides other members, also as entities', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      const limited = { ...viewer.identity, clientIds: [acme] };
      for (const field of [
        'members { edges { node { role } } }',
        'invitations { id }',
        'caretakers { id }',
        'auditLog(first: 1) { edges { node { id } } }',
      ])
        expect((await people.ask(`{ organization { ${field} } }`, {}, limited)).code).toBe('FORBIDDEN');
      const of = [owner.userId, viewer.userId].map((id) => ({ __typename: 'User', id }));
      const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { name email } } }';
      const { data } = await people.ask(entities, { of }, limited);
      expect(data._entities).toEqual([null, { name: 'VIEWER', email: viewer.email }]);
    });
  });

  describe('a right that is lost', () => {
    const endings: [string, (admin: TestPerson) => Promise<{ errors?: unknown }>][] = [
      ['removal', (admin) => remove(owner.identity, admin.userId)],
      ['demotion', (admin) => changeRole(owner.identity, admin.userId, 'VIEWER')],
      ['leaving', (admin) => leave(admin.identity, owner.organizationId)],
    ];

    it.each(endings)(
      'by %s does not come back by an invitation made before, and ends pending consents',
      async (_, end) => {
        const admin = await people.member(owner, 'ADMIN');
        const second = await people.signUp('Second');
        await people.invite(admin.identity, second.email, 'ADMIN');
        const token = await people.invitationToken(second.email);
        expect((await end(admin)).errors).toBeUndefined();
        expect((await people.accept(token, {}, second.identity)).code).toBe('BAD_USER_INPUT');
        expect((await people.switchTo(second.identity, owner.organizationId)).code).toBe('NOT_FOUND');
        expect((await invitations(owner.identity)).data.organization.invitations).toEqual([]);
        expect(await people.trail(owner.organizationId, 'invitation.revoked')).toHaveLength(1);
        const ended = await services.jobs.find('integrations.end-consents', `${owner.organizationId} ${admin.userId}`);
        expect(ended).not.toBeNull();
      },
    );

    it('is checked again when an invitation is shown and accepted', async () => {
      const admin = await people.member(owner, 'ADMIN');
      const second = await people.signUp('Second');
      await people.invite(admin.identity, second.email, 'ADMIN');
      const token = await people.invitationToken(second.email);
      await people.rows("UPDATE auth.membership SET role = 'ANALYST' WHERE person_id = $1 AND organization_id = $2", [
        admin.userId,
        owner.organizationId,
      ]);
      const preview = 'query ($t: String!) { invitation(token: $t) { role } }';
      expect((await people.ask(preview, { t: token })).code).toBe('BAD_USER_INPUT');
      expect((await people.accept(token, {}, second.identity)).code).toBe('BAD_USER_INPUT');
    });

    it('with the role OWNER leaves the invitations an administrator can make', async () => {
      const next = await people.member(owner, 'ADMIN');
      const [strong, weak] = [`owner-${randomUUID()}@example.com`, `viewer-${randomUUID()}@example.com`];
      await people.invite(owner.identity, strong, 'OWNER');
      await people.invite(owner.identity, weak, 'VIEWER');
      expect((await transfer(owner.identity, next.userId)).errors).toBeUndefined();
      const { data } = await invitations(next.identity);
      expect(data.organization.invitations.map(({ email }: { email: string }) => email)).toEqual([weak]);
    });

    it('does not end an invitation that another administrator has sent again, which is theirs since', async () => {
      const admin = await people.member(owner, 'ADMIN');
      const email = `new-${randomUUID()}@example.com`;
      const { data } = await people.invite(admin.identity, email);
      clock = new Date(clock.getTime() + DAY_MS);
      const resend =
        'mutation ($id: ID!) { resendInvitation(invitationId: $id) { invitation { invitedBy { name } } } }';
      const resent = await people.ask(resend, { id: data.inviteMember.invitation.id }, owner.identity);
      expect(resent.data.resendInvitation.invitation.invitedBy.name).toBe('Owner');
      expect((await remove(owner.identity, admin.userId)).errors).toBeUndefined();
      const token = await people.invitationToken(email);
      expect((await people.accept(token, { name: 'N', password: PASSWORD })).errors).toBeUndefined();
    });
  });

  describe('the last owner', () => {
    it('cannot leave, be removed or be demoted', async () => {
      await people.member(owner, 'ADMIN');
      const attempts = [
        await leave(owner.identity, owner.organizationId),
        await remove(owner.identity, owner.userId),
        await changeRole(owner.identity, owner.userId, 'ADMIN'),
      ];
      expect(attempts.map(({ code }) => code)).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT']);
      expect(await people.sessionIdentity(owner.sessionId)).toMatchObject({ role: 'OWNER' });
    });

    it('remains when two owners demote, remove or leave each other concurrently', async () => {
      const ways = [
        (a: TestPerson, b: TestPerson) => changeRole(a.identity, b.userId, 'VIEWER'),
        (a: TestPerson, b: TestPerson) => remove(a.identity, b.userId),
        (a: TestPerson) => leave(a.identity, a.organizationId),
      ];
      for (const way of ways) {
        const first = await people.signUp('First');
        const second = await people.member(first, 'OWNER', 'Second');
        const answers = await Promise.all([way(first, second), way(second, first)]);
        expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
        expect((await rolesIn(first.organizationId)).filter(({ role }) => role === 'OWNER')).toHaveLength(1);
      }
    });

    it('transfers ownership with their password, and becomes an administrator', async () => {
      const viewer = await people.member(owner, 'VIEWER');
      const wrong = await transfer(owner.identity, viewer.userId, 'wrong password');
      expect(details(wrong)).toEqual([{ argument: 'password', problem: 'is not your password' }]);
      expect((await transfer(owner.identity, owner.userId)).code).toBe('BAD_USER_INPUT');
      expect((await transfer(viewer.identity, owner.userId)).code).toBe('FORBIDDEN');
      expect((await transfer(owner.identity, viewer.userId)).data.transferOwnership.member.role).toBe('OWNER');
      expect(await people.sessionIdentity(owner.sessionId)).toMatchObject({ role: 'ADMIN' });
      expect((await leave(owner.identity, owner.organizationId)).errors).toBeUndefined();
    });
  });

  describe('a member', () => {
    it('who is removed is signed out of this organization only, at once', async () => {
      const member = await people.member(owner, 'ANALYST');
      const remembered = sessionIdentityCache(services.cache);
      await remembered.set(member.sessionId, { role: 'ANALYST' }, 10_000);
      const [elsewhere] = await people.rows(
        'SELECT id FROM auth.session WHERE person_id = $1 AND organization_id <> $2',
        [member.userId, owner.organizationId],
      );
      expect((await remove(owner.identity, member.userId)).errors).toBeUndefined();
      expect(await remembered.get(member.sessionId)).toBeUndefined();
      expect(await people.sessionIdentity(member.sessionId)).toBeNull();
      expect(await people.sessionIdentity(elsewhere.id)).not.toBeNull();
      expect((await people.switchTo(member.identity, owner.organizationId)).code).toBe('NOT_FOUND');
    });

    it('who leaves is no member any more', async () => {
      const member = await people.member(owner, 'VIEWER');
      expect((await leave(member.identity, owner.organizationId)).errors).toBeUndefined();
      expect(await people.sessionIdentity(member.sessionId)).toBeNull();
      expect((await leave(member.identity, owner.organizationId)).code).toBe('NOT_FOUND');
    });

    it('who joins, gets another role, is removed or leaves is an event for webhooks', async () => {
      const events = await keepWebhookEvents(services.operations, owner.organizationId);
      const [ann, bob] = [await people.member(owner, 'VIEWER', 'Ann'), await people.member(owner, 'ADMIN', 'Bob')];
      await changeRole(owner.identity, ann.userId, 'ANALYST');
      await changeRole(owner.identity, ann.userId, 'ANALYST');
      await transfer(owner.identity, bob.userId);
      await remove(bob.identity, ann.userId);
      await leave(owner.identity, owner.organizationId);
      const changed = (userId: string, previousRole: Role, role: Role) => ({
        type: 'member.role_changed',
        data: { userId, role, previousRole },
      });
      expect(await events()).toEqual([
        { type: 'member.joined', data: { userId: ann.userId, role: 'VIEWER' } },
        { type: 'member.joined', data: { userId: bob.userId, role: 'ADMIN' } },
        changed(ann.userId, 'VIEWER', 'ANALYST'),
        changed(bob.userId, 'ADMIN', 'OWNER'),
        changed(owner.userId, 'OWNER', 'ADMIN'),
        { type: 'member.removed', data: { userId: ann.userId } },
        { type: 'member.removed', data: { userId: owner.userId } },
      ]);
    });

    it('who leaves has left webhook endpoints, which are mailed to administrators', async () => {
      const [ann, bob] = [await people.member(owner, 'ADMIN', 'Ann'), await people.member(owner, 'ADMIN', 'Bob')];
      for (const url of ['https://hooks.example/1', 'https://hooks.example/2', 'http://localhost:1/']) {
        const columns = 'organization_id, url, sealed_secret, created_by';
        await people.rows(`INSERT INTO operations.webhook_endpoint (${columns}) VALUES ($1, $2, '', $3)`, [
          ...[owner.organizationId, url, ann.userId],
        ]);
      }
      await remove(owner.identity, bob.userId);
      await remove(owner.identity, ann.userId);
      const mails = await people.rows(
        "SELECT recipient, text FROM operations.mail WHERE kind = 'webhook-endpoints-left' AND organization_id = $1",
        [owner.organizationId],
      );
      expect(mails).toEqual([{ recipient: owner.email, text: expect.stringContaining('hooks.example, localhost:1.') }]);
    });

    it('is on one page of the list, with their last use', async () => {
      for (const name of ['Bea', 'Cleo']) await people.member(owner, 'VIEWER', name);
      const names: string[] = [];
      let page = await membersOf(owner.identity, '(first: 1)');
      for (;;) {
        expect(page.edges).toHaveLength(1);
        expect(page.edges[0].node.lastSeenAt).toBe(clock.toISOString());
        names.push(page.edges[0].node.user.name);
        if (!page.pageInfo.hasNextPage) break;
        page = await membersOf(owner.identity, `(first: 1, after: "${page.pageInfo.endCursor}")`);
      }
      expect(names).toEqual(['Owner', 'Bea', 'Cleo']);
    });

    it('sees only their own memberships', async () => {
      const member = await people.member(owner, 'ADMIN');
      const query = '{ organization { members { edges { node { user { id memberships { organizationName } } } } } } }';
      const { data } = await people.ask(query, {}, member.identity);
      const of = Object.fromEntries(
        data.organization.members.edges.map(({ node: { user } }: any) => [user.id, user.memberships]),
      );
      expect(of[owner.userId]).toBeNull();
      expect(of[member.userId]).toHaveLength(2);
    });
  });

  describe('several organizations', () => {
    it('have sessions of their own', async () => {
      const member = await people.member(owner, 'ANALYST');
      expect(member.identity).toMatchObject({ organizationId: owner.organizationId, role: 'ANALYST' });
      expect(await people.sessionIdentity(member.sessionId)).toMatchObject({ organizationId: owner.organizationId });
    });

    it('can be created and renamed', async () => {
      const create =
        'mutation ($name: String!) { createOrganization(name: $name) { accessToken user { id role organization { id name } } } }';
      const { data } = await people.ask(create, { name: ' Second ' }, owner.identity);
      expect(data.createOrganization.user).toMatchObject({ role: 'OWNER', organization: { name: 'Second' } });
      const second = people.personOf(data.createOrganization, owner.email);
      const rename = 'mutation ($name: String!) { updateOrganization(name: $name) { organization { name } } }';
      const renamed = await people.ask(rename, { name: 'Third' }, second.identity);
      expect(renamed.data.updateOrganization.organization.name).toBe('Third');
      expect((await people.ask(rename, { name: ' ' }, second.identity)).code).toBe('BAD_USER_INPUT');
      const first = await people.ask('{ organization { name } }', {}, owner.identity);
      expect(first.data.organization.name).toBe('Company of Owner');
    });

    it('have one trial for each person, with the first that they create, concurrent ones too', async () => {
      const create = 'mutation { createOrganization(name: "More") { accessToken user { organization { id } } } }';
      const createThree = async () => {
        const answers = await Promise.all([0, 1, 2].map(() => people.ask(create, {}, owner.identity)));
        const ids = answers.map(({ data }) => data.createOrganization.user.organization.id);
        const rows = await people.rows(
          'SELECT plan_id, access FROM operations.entitlement WHERE organization_id = ANY ($1::uuid[]) ORDER BY plan_id',
          [ids],
        );
        return rows.map(({ plan_id, access }) => `${plan_id} ${access}`);
      };
      expect(await createThree()).toEqual(Array(3).fill('free FULL'));
      // As of someone who was invited, and has created none.
      await people.rows('UPDATE auth.person SET trial_began_at = NULL WHERE id = $1', [owner.userId]);
      expect(await createThree()).toEqual(['free FULL', 'free FULL', 'pro FULL']);
    });

    it('have a time zone that is set by itself', async () => {
      const set = 'mutation ($zone: String) { updateOrganization(timeZone: $zone) { organization { name timeZone } } }';
      const before = await people.ask('{ organization { name timeZone } }', {}, owner.identity);
      expect(before.data.organization.timeZone).toBe('UTC');
      const { data } = await people.ask(set, { zone: 'America/New_York' }, owner.identity);
      const { name } = before.data.organization;
      expect(data.updateOrganization.organization).toEqual({ name, timeZone: 'America/New_York' });
      const unchanged = await people.ask(set, { zone: null }, owner.identity);
      expect(unchanged.data.updateOrganization.organization.timeZone).toBe('America/New_York');
      for (const zone of ['Mars/Olympus', '+02:00', '', 'x'.repeat(200)]) {
        const refused = await people.ask(set, { zone }, owner.identity);
        expect(refused.errors[0].extensions.details[0].argument).toBe('timeZone');
      }
      await people.ask(set, { zone: 'UTC' }, owner.identity);
    });

    it('are not switched to from within, and nothing is recorded', async () => {
      const before = await people.trail(owner.organizationId, 'session.started');
      for (const id of [owner.organizationId, owner.organizationId.toUpperCase()]) {
        expect((await people.switchTo(owner.identity, id)).code).toBe('CONFLICT');
      }
      expect(await people.trail(owner.organizationId, 'session.started')).toEqual(before);
    });

    it("keep the caller's identity for the other mutations of an operation", async () => {
      const created = await people.ask(
        'mutation { createOrganization(name: "Second") { user { organization { id } } } }',
        {},
        owner.identity,
      );
      const { id } = created.data.createOrganization.user.organization;
      const { data, errors } = await people.ask(
        `mutation ($id: ID!) {
          switchOrganization(organizationId: $id) {
            user {
              organization { id name members { edges { node { user { id organization { id } } } } } }
              memberships { organizationId }
              sessions { isCurrent }
            }
          }
          updateOrganization(name: "First") { organization { id name } }
        }`,
        { id },
        owner.identity,
      );
      expect(errors).toBeUndefined();
      const { user } = data.switchOrganization;
      const member = { user: { id: owner.userId, organization: { id } } };
      expect(user.organization).toEqual({ id, name: 'Second', members: { edges: [{ node: member }] } });
      expect(user.memberships).toHaveLength(2);
      expect(user.sessions.filter(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toHaveLength(1);
      expect(data.updateOrganization.organization).toEqual({ id: owner.organizationId, name: 'First' });
    });

    it('are left as before by the mutations after a log-in', async () => {
      const { data, code } = await people.ask(
        `mutation ($email: String!) {
          logIn(email: $email, password: "${PASSWORD}") { user { memberships { role } } }
          leaveOrganization(organizationId: "${owner.organizationId}") { organizationId }
        }`,
        { email: owner.email },
      );
      expect(code).toBe('UNAUTHENTICATED');
      expect(data).toBeNull();
    });

    it('are limited, concurrent ones too', async () => {
      const create = 'mutation { createOrganization(name: "More") { accessToken } }';
      const answers = await Promise.all(Array.from({ length: 22 }, () => people.ask(create, {}, owner.identity)));
      expect(answers.filter(({ errors }) => !errors)).toHaveLength(19);
      expect(answers.filter(({ code }) => code === 'CONFLICT')).toHaveLength(3);
    });
  });

  it('refuses ids of another organization like unknown ones', async () => {
    const other = await people.signUp('Other');
    const { data } = await people.invite(other.identity, `new-${randomUUID()}@example.com`);
    const invitationId = data.inviteMember.invitation.id;
    const asked: [query: string, foreign: string][] = [
      [CHANGE_ROLE.replace('$role: Role!', '$role: Role = VIEWER'), other.userId],
      ['mutation ($id: ID!) { removeMember(userId: $id) { userId } }', other.userId],
      [`mutation ($id: ID!) { transferOwnership(userId: $id, password: "${PASSWORD}") { __typename } }`, other.userId],
      ['mutation ($id: ID!) { switchOrganization(organizationId: $id) { accessToken } }', other.organizationId],
      ['mutation ($id: ID!) { leaveOrganization(organizationId: $id) { __typename } }', other.organizationId],
      ['mutation ($id: ID!) { revokeInvitation(invitationId: $id) { __typename } }', invitationId],
      ['mutation ($id: ID!) { resendInvitation(invitationId: $id) { __typename } }', invitationId],
    ];
    for (const [query, foreign] of asked) {
      const unknown = await people.ask(query, { id: randomUUID() }, owner.identity);
      expect(unknown.code).toBe('NOT_FOUND');
      for (const id of [foreign, foreign.toUpperCase(), 'nonsense'])
        expect(await people.ask(query, { id }, owner.identity)).toEqual(unknown);
    }
  });

  it('records actors, targets and origins in the audit trail', async () => {
    const member = await people.member(owner, 'VIEWER');
    await changeRole(owner.identity, member.userId, 'ANALYST');
    await remove(owner.identity, member.userId);
    const { userId } = owner;
    const from = { actor_kind: 'user', actor_id: userId, address: '203.0.113.7', user_agent: 'a browser' };
    const target = { target_type: 'User', target_id: member.userId };
    expect(await people.trail(owner.organizationId, 'member.invited')).toMatchObject([
      { ...from, target_type: 'Invitation', after: { email: member.email, role: 'VIEWER' } },
    ]);
    expect(await people.trail(owner.organizationId, 'invitation.accepted')).toMatchObject([
      { ...from, actor_id: member.userId, ...target },
    ]);
    expect(await people.trail(owner.organizationId, 'role.changed')).toMatchObject([
      { ...from, ...target, before: { role: 'VIEWER' }, after: { role: 'ANALYST' } },
    ]);
    expect(await people.trail(owner.organizationId, 'member.removed')).toMatchObject([
      { ...from, ...target, before: { role: 'ANALYST' } },
    ]);
    // No event without a change.
    await changeRole(owner.identity, owner.userId, 'OWNER');
    await changeRole(owner.identity, owner.userId, 'VIEWER');
    expect(await people.trail(owner.organizationId, 'role.changed')).toHaveLength(1);
  });
});
