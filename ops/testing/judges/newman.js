import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmTool, run } from './tools.js';

/** As the manual says. */
const CONVERSION = 'folderStrategy=Tags,parametersResolution=Example,enableOptionalParameters=false';

/** Requests other than GET after which the others still succeed. */
const SENT = ['api/auth/login', 'api/reports/generate'];
/** What needs a token that a provider or a mutation issues for it, and what the demo does not have: logos, and a bought plan. */
const EXCUSED = [
  'api/oauth/:provider/callback',
  'downloads/my-data.json',
  'api/branding/logo',
  'api/clients/:clientId/logo',
  'api/organization/subscription/preview',
];
/** Parameters of paths that are no ids: the examples of the description hold for the demo. */
const NO_IDS = ['provider', 'section', 'format'];

const TEST = `pm.test(pm.info.requestName + ' is answered with success', () => pm.expect(pm.response.code, pm.response.text()).to.be.within(200, 299));`;

const pathOf = ({ request }) => request.url.path.join('/');

/** Streams do not end. */
const isStream = ({ request }) => request.header.some(({ value }) => value === 'text/event-stream');

function isRun(item) {
  const path = pathOf(item);
  if (isStream(item)) return false;
  return item.request.method === 'GET' ? !EXCUSED.includes(path) : SENT.includes(path);
}

/** Returns ids for the parameters of paths, by the list they are of. */
async function readIds({ url }, token) {
  const firstOf = async (path) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const { data } = await response.json();
    if (!data?.[0]?.id) throw new Error(`${path} answered ${response.status} without an item.`);
    return data[0].id;
  };
  const [connection, account, client, report] = await Promise.all(
    ['/api/connections', '/api/accounts', '/api/clients', '/api/reports'].map(firstOf),
  );
  return { connections: connection, accounts: account, clients: client, reports: report };
}

/** Fills in what the description leaves to its reader; returns whether the demo has the object in the path. */
function fillIn({ request: { url } }, ids) {
  // Either this or two dates.
  for (const parameter of url.query) if (parameter.key === 'period') parameter.disabled = false;
  const unknown = url.variable.filter(({ key }) => !NO_IDS.includes(key));
  const id = ids[url.path[1]];
  for (const variable of unknown) variable.value = id;
  return unknown.length === 0 || id !== undefined;
}

/** Generates a Postman collection from `/openapi.json`, and sends every request of it that reads, signs in or orders a report. */
export async function judgeByNewman(product) {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-postman-'));
  const [description, file] = ['openapi.json', 'collection.json'].map((name) => join(folder, name));
  try {
    writeFileSync(description, await (await fetch(`${product.url}/openapi.json`)).text());
    await run(npmTool('openapi2postmanv2'), ['-s', description, '-o', file, '-O', CONVERSION]);
    const collection = JSON.parse(readFileSync(file, 'utf8'));
    const token = await product.logIn();
    const ids = await readIds(product, token);
    for (const group of collection.item) {
      group.item = group.item.filter((item) => isRun(item) && fillIn(item, ids));
    }
    collection.event = [{ listen: 'test', script: { type: 'text/javascript', exec: [TEST] } }];
    writeFileSync(file, JSON.stringify(collection));
    const variables = { baseUrl: product.url, bearerToken: token, id: ids.reports };
    const given = Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]);
    await run(npmTool('newman'), [
      'run',
      file,
      ...given,
      '--reporter-cli-no-banner',
      '--reporter-cli-no-console',
      '--timeout-request',
      '30000',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
