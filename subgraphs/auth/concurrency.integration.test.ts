import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { eventually } from '#ops/testing/eventually.js';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Services } from '#runtime/services.js';
import { auth } from './index.js';
import { openPeople, PASSWORD, type TestPerson } from './testing/open-people.js';

const LOG_IN = `mutation ($email: String!) { logIn(email: $email, password: "${PASSWORD}") { accessToken } }`;
const CHANGE = `mutation { changePassword(currentPassword: "${PASSWORD}", newPassword: "as the thief likes it") }`;
const CHANGE_EMAIL = `mutation { changeEmail(email: "thief@example.com", password: "${PASSWORD}") }`;
const SET_ROLE = `mutation ($userId: ID!, $role: Role!) {
  changeMemberRole(userId: $userId, role: $role) { member { role } } }`;

describe('concurrent changes of accounts', () => {
  let services: Services;
  let people: ReturnType<typeof openPeople>;
  beforeAll(async () => {
    services = await openTestServices();
    people = openPeople(services, await auth.open(services));
  });
  afterAll(() => services.lifecycle.close());

  /** Runs `work` before the transaction that replaces a person's password is committed. */
  async function whilePasswordIsReplaced<Result>({ userId }: TestPerson, work: () => Promise<Result>): Promise<Result> {
    let settled = false;
    const { doing } = await services.operations.transaction(async (manager: EntityManager) => {
      await manager.query('UPDATE auth.person SET password_hash = $2 WHERE id = $1', [userId, 'of the new password']);
      const doing = work().finally(() => {
        settled = true;
      });
      await eventually('it is done, or waits for the person', async () => {
        const waiting = await people.rows(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        return settled || waiting.length > 0;
      });
      return { doing };
    });
    return doing;
  }

  describe('while a password is replaced', () => {
    it('the old one begins no lasting session', async () => {
      const ada = await people.signUp();
      const { code } = await whilePasswordIsReplaced(ada, () => people.ask(LOG_IN, { email: ada.email }));
      expect(code).toBe('UNAUTHENTICATED');
    });

    it.each([
      ['password', CHANGE],
      ['address', CHANGE_EMAIL],
    ])('the old one is not accepted for another %s', async (_what, mutation) => {
      const ada = await people.signUp();
      const { code } = await whilePasswordIsReplaced(ada, () => people.ask(mutation, {}, ada.identity));
      expect(code).toBe('BAD_USER_INPUT');
      const [row] = await people.rows('SELECT password_hash FROM auth.person WHERE id = $1', [ada.userId]);
      expect(row.password_hash).toBe('of the new password');
    });
  });

  it('roles change while sessions begin, without a deadlock', async () => {
    const owner = await people.signUp();
    const member = await people.member(owner, 'ANALYST');
    await services.operations.transaction(async (manager: EntityManager) => {
      // The lock that an INSERT into session takes by its foreign key.
      await manager.query('SELECT FROM auth.organization WHERE id = $1 FOR KEY SHARE', [owner.organizationId]);
      const { data } = await people.ask(SET_ROLE, { userId: member.userId, role: 'VIEWER' }, owner.identity);
      expect(data.changeMemberRole.member.role).toBe('VIEWER');
    });
  });

  it('an invitation allows no more concurrent passwords than consecutive ones', async () => {
    const owner = await people.signUp();
    const guest = await people.signUp('Bea');
    const { email } = guest;
    await people.invite(owner.identity, email);
    const token = await people.invitationToken(email);
    const tries = Array.from({ length: 25 }, (_, at) => people.accept(token, { password: `guess ${at}` }));
    const looked = (await Promise.all(tries)).filter(
      ({ errors }) => errors[0].extensions.details[0].argument === 'password',
    );
    expect(looked).toHaveLength(10);
    await eventually('each is in the trail of whose password it was not', async () => {
      return (await people.trail(guest.organizationId, 'session.refused')).length === 10;
    });
  });
});
