import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type {
  ApiOperation,
  ApiResponse,
  JsonSchema,
  OpenApiDocument,
  Parameter,
  Reference,
} from '#gateway/openapi/document.js';
import { EXAMPLE_ID } from '#gateway/openapi/example-values.js';
import { eventually } from '#ops/testing/eventually.js';
import { schemaFile } from '#schema/type-definitions.js';
import { payCheckout, stripeClient } from '#simulator/stripe/client-for-tests.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { openTenant, type Tenant } from './tenant.js';

const api = JSON.parse(readFileSync(schemaFile('openapi.json'), 'utf8')) as OpenApiDocument;
const BASE = 'https://webmetrics.test/openapi.json';

interface Listed extends ApiOperation {
  method: string;
  path: string;
}

const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): Listed => ({ ...operation, method: method.toUpperCase(), path })),
);

function resolve<Found>(part: Found | Reference): Found {
  if (!(part as Reference).$ref) return part as Found;
  const keys = (part as Reference).$ref.slice(2).split('/');
  return keys.reduce<any>((at, key) => at[key.replaceAll('~1', '/')], api);
}

/** Returns the document with every object closed: what a response has and the description does not is a fault. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  const { properties, additionalProperties, type } = copy as JsonSchema;
  const isOpen = properties && additionalProperties === undefined && [type].flat().includes('object');
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(closed(api) as object, BASE);

const pointer = (...keys: string[]) =>
  keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const validators = new Map<string, ValidateFunction>();
function validatorAt(at: string): ValidateFunction {
  const validator = validators.get(at) ?? ajv.compile({ $ref: `${BASE}#${at}` });
  validators.set(at, validator);
  return validator;
}

/** Returns what is wrong with a response by the description of its operation. */
async function faultsOf({ path, method, responses }: Listed, response: Response): Promise<string[]> {
  const status = String(response.status);
  const declared = responses[status] ?? responses[`${status[0]}XX`];
  const text = await response.text();
  if (!declared) return [`the status ${status} is not declared: ${text.slice(0, 500)}`];
  const { content = {} } = resolve<ApiResponse>(declared);
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (Object.keys(content).length === 0) return text === '' ? [] : ['there is a body'];
  if (!content[type]) return [`the type ${type} is not declared`];
  if (!type.endsWith('json')) return [];
  const reference = (declared as Reference).$ref;
  const at = reference ? reference.slice(1) : pointer('paths', path, method.toLowerCase(), 'responses', status);
  const validate = validatorAt(`${at}${pointer('content', type, 'schema')}`);
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** Whether there are answers without credentials, too. */
const isOptional = (security: ApiOperation['security']) => security.some((one) => Object.keys(one).length === 0);

/** Examples that are not run, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  completeLogIn: 'takes a code of an authenticator app',
  completeSignUp: 'takes a token from a mail',
  completeConnection: 'takes a code that a consent page gave',
  refreshSession: 'ends the session when its example is sent: the token is not valid',
  logOut: 'ends the session of the test',
  logOutEverywhere: 'ends the session of the test',
  endOtherSessions: 'ends the session of the API key',
  endSession: 'ends the session of the test',
  requireTwoFactor: 'takes an owner with two-factor sign-in',
  cancelOrganizationDeletion: 'takes a deletion that is scheduled',
  changeMemberRole: 'takes another member',
  limitMember: 'takes another member',
  liftMemberLimit: 'takes another member',
  setMemberRights: 'takes another member',
  removeMember: 'takes another member',
  resetTwoFactor: 'takes another member',
  leaveOrganization: 'the last owner cannot leave',
  resendVerification: 'takes an address that is not confirmed',
  resendInvitation: 'takes an invitation that was not sent within a minute',
  createWebhookEndpoint: 'takes a host name that resolves',
  getWebhookDelivery: 'takes a delivery',
  getWebhookPayload: 'takes a delivery',
  replayWebhookDelivery: 'takes a delivery',
  cancelWebhookDelivery: 'takes a delivery',
  cancelReport: 'takes a report that is not finished',
  retryReport: 'takes a report that has failed',
  approveReportDelivery: 'takes a delivery that waits',
  rejectReportDelivery: 'takes a delivery that waits',
  receiveConsent: 'takes what a provider sends a browser back with',
  downloadMyData: 'takes a link of exportMyData',
  followConnectionHealth: 'does not end',
};

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1" fill="red"/></svg>';

/** The first one: others take the subscription that is bought at its page. */
const FIRST = 'startCheckout';

/** The last ones, in this order: they read what others stored, and remove what others read. */
const LAST = [
  'pauseSubscription',
  'resumeSubscription',
  'cancelSubscription',
  'putBrandingLogo',
  'getBrandingLogo',
  'putClientLogo',
  'getClientLogo',
  'removeReportRecipient',
  'deleteReportSchedule',
  'revokeReportShare',
  'deleteReportTemplate',
  'deleteReport',
  'deleteAlertRule',
  'deleteAnnotation',
  'deleteSavedView',
  'disableWebhookEndpoint',
  'deleteWebhookEndpoint',
  'revokeInvitation',
  'deleteClient',
  'revokeApiKey',
  'disconnect',
  'switchOrganization',
];

describe('the description of the REST resources', () => {
  let transport: OpenTransport;
  let tenant: Tenant;
  let person: Client;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    transport = await openTransport('in-process', { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' });
    const anyone = new Client(transport.url);
    tenant = await openTenant(anyone, 'Nora');
    for (const provider of ['google-analytics', 'search-console', 'business-profile', 'x', 'linkedin-ads']) {
      await tenant.client.connect(provider);
    }
    // The account of the demo, as in the example of a sign-in.
    await anyone.ask(
      'mutation { signUp(name: "Nora Lind", email: "demo@webmetrics.test", password: "webmetrics-demo", companyName: "Northwind") { accessToken } }',
    );
    person = tenant.client;
    await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now()');
    // When a trial ends within two days, what is bought is paid at once.
    await person.ask('{ organization { subscription { id } } }');
    await databaseRows(
      transport,
      `UPDATE billing.subscription SET trial_ends_at = now() + interval '1 hour' WHERE organization_id = $1`,
      [tenant.organizationId],
    );
    const stripe = stripeClient({ url: transport.simulatorUrl } as never);
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'once' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING20' });
    const created = await person.ask('mutation { createOrganization(name: "Other") { user { organization { id } } } }');
    const endpoint = await person.ask(
      'mutation { createWebhookEndpoint(url: "https://127.0.0.1:9/hook") { endpoint { id } } }',
    );
    if (endpoint.errors) throw new Error(JSON.stringify(endpoint.errors));
    const endpointId = endpoint.data.createWebhookEndpoint.endpoint.id;
    const { data, errors } = await person.ask(
      'mutation { inviteMember(email: "emil@northwind.example", role: VIEWER) { invitation { id } } }',
    );
    if (errors) throw new Error(JSON.stringify(errors));
    const made = await person.ask('mutation { createAlertRule(kind: NOTHING_SPENT) { rule { id } } }');
    const ruleId = made.data.createAlertRule.rule.id;
    const [alert] = await databaseRows(
      transport,
      `INSERT INTO integrations.alert (organization_id, rule_id, kind, target_key, target, message, account_ids, raised_at)
       VALUES ($1, $2, 'NOTHING_SPENT', 'account', 'Account', 'Nothing was spent.', '{}', now()) RETURNING id`,
      [tenant.organizationId, ruleId],
    );
    const scheduled = await person.ask(
      /* GraphQL */ `mutation {
        createReportSchedule(
          templateId: "campaign-performance"
          recurrence: { every: DAILY }
          recipients: ["emil@northwind.example", "ada@northwind.example"]
        ) { schedule { id recipients { id } } }
      }`,
    );
    if (scheduled.errors) throw new Error(JSON.stringify(scheduled.errors));
    const { schedule } = scheduled.data.createReportSchedule;
    Object.assign(ids, {
      alertId: alert?.id,
      annotationId: tenant.annotationId,
      clientId: tenant.clientId,
      savedViewId: tenant.savedViewId,
      '/api/campaigns/{id}': tenant.campaignId,
      '/api/campaigns/{id}/ad-groups': tenant.campaignId,
      '/api/campaigns/{id}/ads': tenant.campaignId,
      '/api/campaigns/{id}/keywords': tenant.campaignId,
      '/api/alert-rules/{id}': ruleId,
      '/api/saved-views/{id}': tenant.savedViewId,
      accountId: tenant.accountId,
      accountIds: tenant.accountId,
      apiKeyId: tenant.apiKeyId,
      connectionId: tenant.connectionId,
      endpointId,
      invitationId: data.inviteMember.invitation.id,
      organizationId: tenant.organizationId,
      reportId: tenant.reportId,
      '/api/accounts/{id}': tenant.accountId,
      '/api/auth/switch-organization': created.data.createOrganization.user.organization.id,
      '/api/clients/{id}': tenant.clientId,
      '/api/organization/limits/{limit}/kept': tenant.connectionId,
      '/api/connections/{id}': tenant.connectionId,
      ...Object.fromEntries(
        operations
          .filter(({ path }) => path.startsWith('/api/reports/{id}'))
          .map(({ path }) => [path, tenant.reportId]),
      ),
      shareId: tenant.reportShareId,
      templateId: tenant.reportTemplateId,
      recipientId: schedule.recipients[0].id,
      ...Object.fromEntries(
        operations
          .filter(({ path }) => path.startsWith('/api/report-schedules/{id}'))
          .map(({ path }) => [`${path} id`, schedule.id]),
      ),
      '/api/webhooks/endpoints/{id}': endpointId,
      '/api/webhooks/endpoints/{id}/deliveries': endpointId,
      '/reports/{id}/download.{format}': tenant.reportId,
    });
  });
  afterAll(() => transport?.close());

  /** Puts an id of the organization in the place of the example of any. */
  function withIds(path: string, name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => withIds(path, name, item));
    if (value !== EXAMPLE_ID) return value;
    return ids[`${path} ${name}`] ?? ids[path] ?? ids[name] ?? value;
  }

  function send(operation: Listed, headers: Record<string, string>): Promise<Response> {
    const { method, path, requestBody } = operation;
    let address = path;
    const query = new URLSearchParams();
    for (const part of operation.parameters ?? []) {
      const parameter = resolve<Parameter>(part);
      const example = withIds(
        path,
        parameter.name,
        parameter.example ?? (parameter.in === 'path' ? EXAMPLE_ID : undefined),
      );
      if (parameter.in === 'path')
        address = address.replace(`{${parameter.name}}`, encodeURIComponent(String(example)));
      else if (parameter.in === 'query' && example !== undefined) {
        for (const each of [example].flat()) query.append(parameter.name, String(each));
      }
    }
    const example = requestBody?.content['application/json']?.example as Record<string, unknown> | undefined;
    const picture = requestBody?.content['image/svg+xml'] && PICTURE;
    const body =
      example && Object.fromEntries(Object.entries(example).map(([name, value]) => [name, withIds(path, name, value)]));
    return fetch(`${transport.url}${address}${query.size > 0 ? `?${query}` : ''}`, {
      method,
      redirect: 'manual',
      headers: {
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
        ...(picture && { 'content-type': 'image/svg+xml' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(picture && { body: picture }),
    });
  }

  const tried = operations.filter(({ operationId }) => !Object.hasOwn(NOT_RUN, operationId));
  const rank = ({ operationId, method }: Listed) =>
    LAST.indexOf(operationId) + 1 || (operationId === FIRST ? -2 : method === 'GET' ? -1 : 0);

  async function buy(checkout: Response): Promise<void> {
    const { data } = (await checkout.json()) as { data: { url: string } };
    expect((await payCheckout(data.url)).error).toBeNull();
    await eventually('what was bought', async () => {
      const answer = await person.ask('{ organization { subscription { status } } }');
      return answer.data.organization.subscription.status === 'ACTIVE';
    });
  }

  it('has the scopes that API keys need', async () => {
    const faults: string[] = [];
    const key = { authorization: `Bearer ${tenant.apiKey}` };
    for (const operation of tried.filter(
      ({ method, security }) => method === 'GET' && security.length > 0 && !isOptional(security),
    )) {
      const mayCall = operation['x-required-scopes'] !== undefined;
      const { status } = await send(operation, key);
      if ((status === 403) === mayCall) faults.push(`${operation.operationId}: ${status}`);
    }
    expect(faults).toEqual([]);
  });

  it('has examples that are answered as it says, one after the other', async () => {
    const faults: string[] = [];
    for (const operation of tried.toSorted((a, b) => rank(a) - rank(b))) {
      const response = await send(operation, operation.security.length > 0 ? person.headers : {});
      if (operation.operationId === FIRST) await buy(response.clone());
      const problems = await faultsOf(operation, response.clone());
      if (response.status >= 300) problems.push(`${response.status} ${await response.text()}`);
      faults.push(...problems.map((problem) => `${operation.operationId}: ${problem}`));
    }
    expect(faults).toEqual([]);
  });

  it('refuses requests without credentials where it says so, as it says', async () => {
    const faults: string[] = [];
    for (const operation of operations.filter(({ security }) => security.length > 0 && !isOptional(security))) {
      const response = await send({ ...operation }, {});
      if (response.status !== 401) faults.push(`${operation.operationId}: ${response.status}`);
      faults.push(...(await faultsOf(operation, response)).map((fault) => `${operation.operationId}: ${fault}`));
    }
    expect(faults).toEqual([]);
  });

  it('says why an example is not run, of those there are', () => {
    const known = operations.map(({ operationId }) => operationId);
    expect([...Object.keys(NOT_RUN), ...LAST].filter((name) => !known.includes(name))).toEqual([]);
  });
});
