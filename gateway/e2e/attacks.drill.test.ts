import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { getIntrospectionQuery } from 'graphql';
import { decodeJwt } from 'jose';
import { TOTP } from 'otpauth';
import { eventually } from '#ops/testing/eventually.js';
import { hasRedisServer } from '#ops/testing/start-redis.js';
import {
  type Attacked,
  DESCRIPTORS,
  type Installation,
  openInstallation,
  type Shape,
  shapes,
} from './attacked-installation.js';
import type { Client } from './client.js';

const PASSWORD = 'correct horse battery';
const MAX_RESIDENT_MB = 900;
const TWO_MINUTES_MS = 120_000;

const list = <T>(length: number, of: (at: number) => T) => Array.from({ length }, (_, at) => of(at));
const repeat = (count: number, part: (at: number) => string) => list(count, part).join(' ');

const LOG_IN = /* GraphQL */ `mutation ($email: String!) {
  logIn(email: $email, password: "${PASSWORD}") { accessToken refreshToken }
}`;
const INVITE = /* GraphQL */ `mutation ($email: String!, $role: Role! = VIEWER) {
  inviteMember(email: $email, role: $role) { invitation { id } }
}`;
const ACCEPT = /* GraphQL */ `mutation ($token: String!, $name: String, $password: String) {
  acceptInvitation(token: $token, name: $name, password: $password) { organizationId }
}`;
const SWITCH = 'mutation ($id: ID!) { switchOrganization(organizationId: $id) { accessToken } }';
const REMOVE = 'mutation ($id: ID!) { removeMember(userId: $id) { userId } }';
const CREATE_KEY = /* GraphQL */ `mutation ($password: String!, $name: String! = "Key") {
  createApiKey(password: $password, name: $name, scopes: ["read:reports"]) { secret }
}`;

const LONG_NAMES = repeat(40, (at) => `${'n'.repeat(97)}${at + 100}: name`);
/** Of hundreds of KiB. */
const LARGE_ANSWER = `{ __schema { types { ${LONG_NAMES} } } }`;

// What was sent to WebMetrics from outside, and the answers that are right.
describe.each<[Shape]>(shapes.map((shape) => [shape]))('an attack on %s', (shape) => {
  let target: Installation;
  let ada: Attacked;

  beforeAll(async () => {
    target = await openInstallation(shape);
    ada = await target.newUser('Ada');
  });
  afterEach(() => expect(target.crashes()).toEqual([]));
  afterAll(() => target?.close());

  const outcome = ({ status, code }: { status: number; code?: string }) => [status, code];
  const newAddress = () => `someone-${crypto.randomUUID()}@example.com`;
  const asked = async (client: Client, query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await client.ask(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const logs = () => target.programs.map(({ output }) => output());
  /** Returns what has been logged since. */
  const watchLogs = () => {
    const before = logs();
    return () =>
      logs()
        .map((output, at) => output.slice(before[at]?.length))
        .join('\n');
  };

  /** Users and strangers get answers from each gateway, and no program has grown too large. */
  async function expectService(): Promise<void> {
    for (const [at, url] of target.urls.entries()) {
      expect((await ada.client.at(url).ask('{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
      expect((await target.visitor(at).ask('{ plans { id } }')).errors).toBeUndefined();
    }
    expect(target.residentMb()).toBeLessThan(MAX_RESIDENT_MB);
  }

  /** Makes a user a member of Ada's organization. Returns the user's client in it. */
  async function join({ client, email }: Attacked, role: string): Promise<Client> {
    await asked(ada.client, INVITE, { email, role });
    await asked(client, ACCEPT, { token: await target.mailedToken(email, 'accept-invitation') });
    const { switchOrganization } = await asked(client, SWITCH, { id: ada.organizationId });
    return client.as(switchOrganization.accessToken);
  }

  it('that sends a link to a consent to a victim connects nothing, and burns its code', async () => {
    const [mallory, victim] = [await target.newUser('Mallory'), await target.newUser('Victim')];
    const last = target.urls.at(-1) as string;
    // The victim's browser follows the link, without a session of anyone.
    const location = await mallory.client.consent('meta-ads');
    const code = await mallory.client.receive(location);
    if (typeof code !== 'string') throw new Error(await code.text());
    expect((await target.visitor().complete(code)).status).toBe(401);
    expect((await victim.client.at(last).complete(code)).status).toBe(403);
    expect((await mallory.client.complete(code)).status).toBe(400);
    for (const { client } of [mallory, victim]) {
      expect(await asked(client, '{ organization { connections { id } } }')).toEqual({
        organization: { connections: [] },
      });
    }
    expect((await mallory.client.at(last).connect('meta-ads')).status).toBe(200);
  });

  it('with defaults of variables is estimated by them', async () => {
    const rows = (first: string) =>
      `organization { reports(first: ${first}) { edges { node { sections { rows(first: ${first}) { edges { node { cells } } } } } } } }`;
    for (const query of [`query ($f: Int! = 1000) { ${rows('$f')} }`, `{ ${rows('1000')} }`]) {
      expect(outcome(await ada.client.ask(query))).toEqual([400, 'COST_LIMIT_EXCEEDED']);
    }
  });

  it('is charged for every day of a range', async () => {
    const { client } = await target.newUser('Reader');
    expect((await client.connect('google-ads')).status).toBe(200);
    const { body } = await client.post(
      'query ($range: DateRangeInput!) { organization { accounts { metricsDaily(range: $range) { date } } } }',
      { range: { start: '2025-11-01', end: '2026-11-01' } },
    );
    const { estimated, actual } = body.extensions.cost;
    expect([body.errors, estimated >= actual]).toEqual([undefined, true]);
    expect(estimated).toBeGreaterThan(366);
  });

  it('that invites and revokes mails a stranger five times at the most, over all organizations', async () => {
    const [mallory, other] = [await target.newUser('Mallory'), await target.newUser('Other')];
    const email = newAddress();
    const codes: unknown[] = [];
    for (let time = 0; time < 15; time += 1) {
      const client = mallory.client.at(target.urls[time % target.urls.length] as string);
      const { data, code } = await client.ask(INVITE, { email });
      codes.push(code);
      if (code) continue;
      const { id } = data.inviteMember.invitation;
      await asked(client, 'mutation ($id: ID!) { revokeInvitation(invitationId: $id) { invitationId } }', { id });
    }
    expect(codes).toEqual([...Array(5).fill(undefined), ...Array(10).fill('RATE_LIMITED')]);
    expect((await other.client.ask(INVITE, { email })).code).toBe('RATE_LIMITED');
    const many = `mutation { ${repeat(50, (at) => `m${at}: inviteMember(email: "a${at}@example.com", role: VIEWER) { invitation { id } }`)} }`;
    expect(outcome(await mallory.client.ask(many))).toEqual([400, 'MUTATION_LIMIT_EXCEEDED']);
    const company = 'Your account is locked. Pay now: https://evil.example/pay';
    const rename = 'mutation ($name: String!) { updateOrganization(name: $name) { organization { name } } }';
    expect((await mallory.client.ask(rename, { name: company })).code).toBe('BAD_USER_INPUT');
    const last = newAddress();
    await asked(other.client, INVITE, { email: last });
    const token = await target.mailedToken(last, 'accept-invitation');
    const decline = 'mutation ($token: String!) { declineMail(token: $token) }';
    await asked(target.visitor(1), decline, { token: await target.mailedToken(last, 'decline-mail') });
    const accepted = await target.visitor().ask(ACCEPT, { token, name: 'Last', password: PASSWORD });
    expect(accepted.code).toBe('BAD_USER_INPUT');
    for (const { client } of [mallory, other])
      expect((await client.ask(INVITE, { email: last })).code).toBe('CONFLICT');
    expect(target.mail.received.filter(({ to }) => to.includes(email)).length).toBeLessThanOrEqual(5);
  });

  it.each([
    ['removed', REMOVE],
    ['demoted', 'mutation ($id: ID!) { changeMemberRole(userId: $id, role: VIEWER) { member { role } } }'],
  ])('of an administrator who is %s does not return by invitations and consents of before', async (_how, end) => {
    const mallory = await target.newUser('Mallory');
    const inside = await join(mallory, 'ADMIN');
    const second = newAddress();
    await asked(inside, INVITE, { email: second, role: 'ADMIN' });
    const token = await target.mailedToken(second, 'accept-invitation');
    const code = await inside.receive(await inside.consent('google-ads'));
    await asked(ada.client, end, { id: mallory.userId });
    expect((await inside.complete(String(code))).status).toBeGreaterThanOrEqual(400);
    const accepted = await target.visitor().ask(ACCEPT, { token, name: 'Second', password: PASSWORD });
    expect(accepted.code).toBe('BAD_USER_INPUT');
    const { organization } = await asked(
      ada.client,
      '{ organization { connections { id } members { edges { node { user { email } } } } invitations { email } } }',
    );
    expect(organization.connections).toEqual([]);
    expect(JSON.stringify(organization)).not.toContain(second);
  });

  it('by switching organizations neither fills the audit trail nor the list of sessions', async () => {
    const viewer = await target.newUser('Viewer');
    const inside = await join(viewer, 'VIEWER');
    const trail = async () => {
      const { organization } = await asked(
        ada.client,
        '{ organization { auditLog(first: 1000) { edges { node { action } } } } }',
      );
      return organization.auditLog.edges.map(({ node }: any) => node.action);
    };
    const switches = (count: number, id: string) =>
      `mutation { ${repeat(count, (at) => `s${at}: switchOrganization(organizationId: "${id}") { accessToken }`)} }`;
    expect(outcome(await inside.ask(switches(50, ada.organizationId)))).toEqual([400, 'MUTATION_LIMIT_EXCEEDED']);
    const before = await trail();
    for (let time = 0; time < 20; time += 1) {
      expect((await inside.ask(switches(10, ada.organizationId))).code).toBe('CONFLICT');
    }
    expect(await trail()).toEqual(before);
    for (let time = 0; time < 10; time += 1) await viewer.client.ask(switches(10, ada.organizationId));
    const { logIn } = await asked(target.visitor(), LOG_IN, { email: viewer.email });
    const { me } = await asked(target.visitor().as(logIn.accessToken), '{ me { sessions { id } } }');
    expect(me.sessions.length).toBeLessThanOrEqual(50);
    const after = await trail();
    for (const action of before.filter((name: string) => name.startsWith('member.'))) expect(after).toContain(action);
  });

  it('by logging in over and over keeps nobody else from it', async () => {
    const mallory = await target.newUser('Mallory');
    const attacker = target.visitor();
    const twelve = `mutation { ${repeat(12, (at) => `l${at}: logIn(email: "${mallory.email}", password: "${PASSWORD}") { accessToken }`)} }`;
    expect(outcome(await attacker.ask(twelve))).toEqual([400, 'MUTATION_LIMIT_EXCEEDED']);
    const two = `mutation { ${repeat(2, (at) => `l${at}: logIn(email: "${mallory.email}", password: "${PASSWORD}") { accessToken }`)} }`;
    expect(outcome(await attacker.ask(two))).toEqual([400, 'PASSWORD_LIMIT_EXCEEDED']);
    const flood = list(60, (at) =>
      attacker.at(target.urls[at % target.urls.length] as string).ask(LOG_IN, { email: mallory.email }),
    );
    for (const at of target.urls.keys()) {
      expect((await target.visitor(at).ask(LOG_IN, { email: ada.email })).code).toBeUndefined();
    }
    const codes = (await Promise.all(flood)).map(({ code }) => code);
    expect(new Set(codes)).toContain('RATE_LIMITED');
    expect(codes.filter((code) => code === undefined).length).toBeLessThanOrEqual(50);
  });

  it('with small operations that take long is refused or charged', async () => {
    const fragments = `{ plans { ${repeat(159, (at) => `...F${at}`)} } } ${repeat(159, (at) => `fragment F${at} on Plan { id name description limits { name } }`)}`;
    expect(outcome(await target.visitor().ask(fragments))).toEqual([400, 'FRAGMENT_LIMIT_EXCEEDED']);
    const variables = Object.fromEntries(list(60_000, (at) => [`v${at}`, 1]));
    expect(outcome(await target.visitor().ask('{ plans { id } }', variables))).toEqual([413, 'REQUEST_TOO_LARGE']);
    const reader = target.visitor();
    const charges: number[] = [];
    for (const _time of [1, 2]) {
      const { body } = await reader.post('query NeverSeen { plans { id } }');
      const { newDocument = 0 } = body.extensions.cost;
      charges.push(newDocument);
    }
    expect([(charges[0] ?? 0) > 0, charges[1]]).toEqual([true, 0]);
    const costs = new Set<number>();
    for (let time = 0; time < 25; time += 1) {
      const { response, body } = await reader.post(getIntrospectionQuery());
      expect([200, 429]).toContain(response.status);
      costs.add(body.extensions?.cost?.actual ?? Number.POSITIVE_INFINITY);
    }
    expect(Math.min(...costs)).toBeGreaterThan(100);
    await expectService();
  });

  it('that reads no answers, or sends no requests, is ended while others are answered', async () => {
    const { client } = await target.newUser('Mallory');
    const body = JSON.stringify({ query: LARGE_ANSWER });
    const request = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: ${client.headers.authorization}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const sockets = [];
    for (const url of target.urls) {
      sockets.push(...(await Promise.all(list(40, () => target.open(request.repeat(20), url)))));
      sockets.push(...(await Promise.all(list(DESCRIPTORS + 100, () => target.open('G', url)))));
    }
    const stranger = await target.newUser('Stranger');
    for (const url of target.urls) {
      expect((await stranger.client.at(url).ask('{ me { name } }')).data.me.name).toBe('Stranger');
    }
    expect(target.residentMb()).toBeLessThan(MAX_RESIDENT_MB);
    await eventually('their connections are ended', () => target.openConnections() === 0, TWO_MINUTES_MS);
    for (const socket of sockets) socket.destroy();
    expect(logs().join()).not.toContain('EMFILE');
  });

  it('from an office locks nobody in it out', async () => {
    const office = target.visitor();
    const at = (time: number) => office.at(target.urls[time % target.urls.length] as string);
    const colleague = await target.newUser('Colleague');
    const invented = () => randomBytes(41).toString('base64url');
    const exhaust = async (send: (time: number) => Promise<{ status: number }>) => {
      for (let time = 0; time <= 100; time += 1) if ((await send(time)).status === 429) return;
      throw new Error('It is not limited.');
    };
    const headers = { 'x-forwarded-for': office.headers['x-forwarded-for'] as string };
    const door = (path: string, token: string, time = 0) =>
      fetch(`${target.urls[time % target.urls.length]}${path}`, {
        headers: { ...headers, authorization: `Bearer ${token}` },
      });
    const doors = ['/metrics', '/api/status', '/jobs/'];
    await exhaust((time) => at(time).ask('{ plans { id } }'));
    await exhaust((time) => at(time).ask('{ __schema { queryType { name } } }'));
    await exhaust((time) => door(doors[time % doors.length] as string, invented(), time));
    await exhaust((time) => fetch(`${target.urls[0]}/verify-email?token=${invented()}${time}`, { headers }));
    const location = await colleague.client.consent('meta-ads');
    expect(outcome(await at(0).ask('{ plans { id } }'))).toEqual([429, 'RATE_LIMITED']);
    for (const path of doors) expect((await door(path, target.operatorToken)).status).toBe(200);
    expect((await at(1).ask(LOG_IN, { email: colleague.email })).code).toBeUndefined();
    const refresh = 'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }';
    expect((await at(1).ask(refresh, { token: colleague.refreshToken })).code).toBeUndefined();
    expect((await fetch(location, { headers, redirect: 'manual' })).status).toBe(200);
  });

  it('with two Host headers is refused', async () => {
    const socket = await target.open('GET /api/status HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.resume();
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  it('with many API keys has one allowance', async () => {
    const { client } = await target.newUser('Owner');
    const keys: string[] = [];
    for (const name of ['One', 'Two']) {
      keys.push((await asked(client, CREATE_KEY, { password: PASSWORD, name })).createApiKey.secret);
    }
    const left: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      const { response } = await target
        .visitor(time)
        .as(keys[time % 2] as string)
        .post('{ organization { id } }');
      left.push(Number(response.headers.get('ratelimit-remaining')));
    }
    const [first = 0] = left;
    expect(left).toEqual(list(4, (at) => first - at));
  });

  it('of nobody: a user removed from the only organization signs in and makes another', async () => {
    const email = newAddress();
    await asked(ada.client, INVITE, { email });
    const token = await target.mailedToken(email, 'accept-invitation');
    await asked(target.visitor(), ACCEPT, { token, name: 'Guest', password: PASSWORD });
    const { organization } = await asked(
      ada.client,
      '{ organization { members { edges { node { user { id email } } } } } }',
    );
    const { user } = organization.members.edges
      .map(({ node }: any) => node)
      .find((one: any) => one.user.email === email);
    await asked(ada.client, REMOVE, { id: user.id });
    const { logIn } = await asked(target.visitor(), LOG_IN, { email });
    const guest = target.visitor().as(logIn.accessToken);
    const { createOrganization } = await asked(guest, 'mutation { createOrganization(name: "Own") { accessToken } }');
    expect(await asked(guest.as(createOrganization.accessToken), '{ organization { name } }')).toEqual({
      organization: { name: 'Own' },
    });
  });

  it('by introspection gets what is announced, and takes no allowance of log-ins', async () => {
    const reader = target.visitor();
    const { data } = await reader.ask('{ __type(name: "__Type") { fields { name } } }');
    const fields = data.__type.fields.map(({ name }: { name: string }) => name);
    expect(fields).toContain('isOneOf');
    expect(outcome(await reader.ask('{ plans { id } __type(name: "DateRangeInput") { isOneOf } }'))).toEqual([
      200,
      undefined,
    ]);
    for (let time = 0; time < 110; time += 1) await reader.ask('{ __schema { queryType { name } } }');
    expect((await reader.ask('{ __schema { queryType { name } } }')).status).toBe(429);
    expect((await reader.ask(LOG_IN, { email: ada.email })).code).toBeUndefined();
  });

  it('with names of any length, or answers of any size, uses up no memory', async () => {
    const rows = (name: string) =>
      `{ organization { reports(first: 1) { edges { node { sections { rows(first: 1000) { edges { ${name}: cursor } } } } } } } }`;
    const attacks: [Client, string, unknown[]][] = [
      [ada.client, rows('n'.repeat(950_000)), [413, 'REQUEST_TOO_LARGE']],
      [ada.client, rows('n'.repeat(100_000)), [400, 'NAME_LIMIT_EXCEEDED']],
      [target.visitor(), `{ plans { ${'n'.repeat(1_000_000)}: id } }`, [413, 'REQUEST_TOO_LARGE']],
      // Answered, it would be hundreds of MB.
      [
        target.visitor(),
        `{ __schema { types { fields { ${'n'.repeat(120_000)}: name } } } }`,
        [400, 'NAME_LIMIT_EXCEEDED'],
      ],
      [target.visitor(), `{ plans { ${'n'.repeat(120_000)}: id } }`, [400, 'NAME_LIMIT_EXCEEDED']],
    ];
    for (let time = 0; time < 25; time += 1) {
      const answers = attacks.map(async ([client, query, right]) => {
        expect(outcome(await client.at(target.urls[time % target.urls.length] as string).ask(query))).toEqual(right);
      });
      await Promise.all(answers);
    }
    const { body } = await ada.client.post(LARGE_ANSWER);
    // A KiB costs 1.
    expect(body.extensions.cost.actual).toBeGreaterThanOrEqual(Math.floor(JSON.stringify(body.data).length / 1024));
    await expectService();
  });

  it('with large operations that repeat, or never do, fills no cache', async () => {
    const large = (at: number) =>
      `query Q${at} { organization { ${repeat(20, (field) => `a${at}b${field}: connections { fault { account { connection { fault { account { id name } } } } } }`)} } }`;
    const { client } = await target.newUser('Repeater');
    for (let time = 0; time < 3; time += 1) {
      for (let at = 0; at < 50; at += 1) {
        const { errors } = await client.at(target.urls[at % target.urls.length] as string).ask(large(at));
        expect(errors).toBeUndefined();
      }
    }
    const distinct = await target.newUser('Distinct');
    for (let at = 0; at < 300; at += 1)
      await distinct.client.ask(`{ plans { ${repeat(30, (field) => `a${at}b${field}: name`)} } }`);
    await expectService();
  });

  const itWithRedis = shape === 'one process' || !hasRedisServer ? it.skip : it;
  itWithRedis('through Redis gains no rights, and undoes no limit and no pending consent by evictions', async () => {
    const intruder = createClient({ url: target.redis?.url });
    await intruder.connect();
    const mallory = await target.newUser('Mallory');
    const cachedOf = async ({ client }: Attacked) => {
      const { sid } = decodeJwt(client.headers.authorization?.slice('Bearer '.length) ?? '');
      let found: { key: string; value: string } | undefined;
      await eventually('the session is in Redis', async () => {
        await client.ask('{ organization { id } }');
        const [key] = await intruder.keys(`*:session-identity:${sid}`);
        const value = key === undefined ? null : await intruder.get(key);
        if (key !== undefined && value !== null) found = { key, value };
        return found !== undefined;
      });
      return found as { key: string; value: string };
    };
    const { value: stolen } = await cachedOf(ada);
    await intruder.set((await cachedOf(mallory)).key, stolen);
    for (const url of target.urls) {
      const { organization } = await asked(mallory.client.at(url), '{ organization { id } }');
      expect(organization.id).toBe(mallory.organizationId);
    }
    const location = await mallory.client.consent('meta-ads');
    const guesser = target.visitor();
    const guess = async () =>
      (
        await guesser.ask('mutation ($email: String!) { logIn(email: $email, password: "wrong") { accessToken } }', {
          email: ada.email,
        })
      ).code;
    const codes: unknown[] = [];
    await intruder.configSet({ maxmemory: '2mb', 'maxmemory-policy': 'allkeys-lru' });
    for (let time = 0; time < 6; time += 1) {
      for (let at = 0; at < 40; at += 1) await intruder.set(`junk ${time} ${at}`, 'x'.repeat(64 * 1024));
      codes.push(await guess());
    }
    await intruder.flushAll();
    codes.push(await guess());
    expect(codes).toEqual([...Array(5).fill('UNAUTHENTICATED'), 'RATE_LIMITED', 'RATE_LIMITED']);
    expect((await mallory.client.finish(location)).status).toBe(200);
    await intruder.configSet({ maxmemory: '0' });
    intruder.destroy();
    await expectService();
  });

  it('with a stolen access token makes no API key, and a link to data ends with its session', async () => {
    const mallory = await target.newUser('Mallory');
    const withoutPassword = 'mutation { createApiKey(name: "Key", scopes: ["read:reports"]) { secret } }';
    expect(outcome(await mallory.client.ask(withoutPassword))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect((await mallory.client.ask(CREATE_KEY, { password: 'wrong horse battery' })).data?.createApiKey).toBeFalsy();
    await asked(mallory.client, CREATE_KEY, { password: PASSWORD, name: 'Nightly export' });
    const mails = () =>
      target.mail.received.filter(
        ({ to, parsed }) => to.includes(mallory.email) && parsed.text?.includes('Nightly export'),
      );
    await eventually('the key is mailed', () => mails().length === 1);
    const change =
      'mutation ($from: String!) { changePassword(currentPassword: $from, newPassword: "another horse battery") }';
    await asked(mallory.client, change, { from: PASSWORD });
    await eventually('the mail about the password lists the key', () => mails().length === 2);
    const { exportMyData } = await asked(mallory.client, 'mutation { exportMyData { downloadUrl } }');
    expect((await fetch(exportMyData.downloadUrl)).status).toBe(200);
    await asked(mallory.client, 'mutation { logOut }');
    expect((await fetch(exportMyData.downloadUrl)).status).toBeGreaterThanOrEqual(400);
  });

  it('on a second factor is limited and mailed, refuses no recovery code, and a challenge is good once', async () => {
    const user = await target.newUser('Careful');
    const { startTwoFactor } = await asked(
      user.client,
      `mutation { startTwoFactor(password: "${PASSWORD}") { secret } }`,
    );
    const app = new TOTP({ secret: startTwoFactor.secret });
    const confirm = 'mutation ($code: String!) { confirmTwoFactor(code: $code) { recoveryCodes } }';
    const { confirmTwoFactor } = await asked(user.client, confirm, { code: app.generate() });
    const [recovery, another] = confirmTwoFactor.recoveryCodes;
    const [{ extensions }] = (await target.visitor().ask(LOG_IN, { email: user.email })).errors;
    const complete = (code: string, at = 0) =>
      target
        .visitor(at)
        .ask(
          'mutation ($challenge: String!, $code: String!) { completeLogIn(challenge: $challenge, code: $code) { accessToken } }',
          {
            challenge: extensions.challenge,
            code,
          },
        );
    const received = target.mail.received.filter(({ to }) => to.includes(user.email)).length;
    const codes: unknown[] = [];
    const right = app.generate();
    for (let time = 0; time < 6; time += 1) {
      codes.push((await complete(String((Number(right) + 1 + time) % 1_000_000).padStart(6, '0'), time)).code);
    }
    expect(codes).toEqual([...Array(5).fill('TWO_FACTOR_INVALID'), 'RATE_LIMITED']);
    await eventually(
      'the user is informed',
      () => target.mail.received.filter(({ to }) => to.includes(user.email)).length > received,
    );
    expect((await complete(recovery, 1)).code).toBeUndefined();
    expect((await complete(another)).data?.completeLogIn).toBeFalsy();
  });

  it('with null where a default stands is the mistake of the client', async () => {
    const logged = watchLogs();
    const stranger = target.visitor();
    for (const client of [stranger, ada.client]) {
      const skip = 'query ($a: Boolean = true) { plans { id @skip(if: $a) } }';
      expect(outcome(await client.ask(skip, { a: null }))).toEqual([400, 'BAD_USER_INPUT']);
      const first = 'query ($f: Int = 10) { organization { reports(first: $f) { edges { cursor } } } }';
      expect(outcome(await client.ask(first, { f: null }))).toEqual([400, 'BAD_USER_INPUT']);
    }
    expect(logged()).not.toMatch(/"level":"error"/);
  });

  it('with invented names of operations uses up no labels of metrics', async () => {
    const stranger = target.visitor();
    for (let at = 0; at < 90; at += 1) await stranger.ask(`query Invented${at} { plans { id } }`);
    const { client } = await target.newUser('Inventor');
    for (let at = 90; at < 290; at += 1) {
      await client.at(target.urls[at % target.urls.length] as string).ask(`query Invented${at} { me { id } }`);
    }
    for (const url of target.urls) {
      const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${target.operatorToken}` } });
      expect([metrics.status, (await metrics.text()).includes('Invented')]).toEqual([200, false]);
    }
  });

  it('with names that JavaScript reserves gets the same answer each time', async () => {
    const answers = new Set<string>();
    for (let time = 0; time < 10; time += 1) {
      const response = await fetch(`${target.urls[time % target.urls.length]}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...ada.client.headers },
        body: JSON.stringify({ query: '{ me { __proto__: id constructor: id name } }' }),
      });
      const { data } = JSON.parse(await response.text());
      answers.add(JSON.stringify(data));
    }
    expect([...answers]).toEqual([`{"me":{"__proto__":"${ada.userId}","constructor":"${ada.userId}","name":"Ada"}}`]);
  });

  it('with thousands of ids in a list is refused', async () => {
    const { code } = await ada.client.ask('query ($of: [ID!]) { organization { accounts(clientIds: $of) { id } } }', {
      of: list(2_000, (at) => String(at)),
    });
    expect(code).toBe('BAD_USER_INPUT');
  });

  it('that hangs up on its requests does not keep a stop from ending everything', async () => {
    const body = JSON.stringify({ query: '{ plans { id } }' });
    const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    for (const url of [...target.urls, ...target.subgraphUrls]) {
      for (let time = 0; time < 30; time += 1) {
        (await target.open(`${head}\r\n\r\n${body}`.repeat(5), url)).destroy();
      }
    }
    const logged = watchLogs();
    expect(await target.stop()).toEqual(target.programs.map(() => 0));
    expect(target.isPostgresRunning()).toBe(false);
    expect(logged()).not.toMatch(/Requests cut at shutdown|Close timed out/);
  });
});
