// The script of the page at `GET /graphql`: Apollo Sandbox where its host can be reached, else GraphiQL.

/** A host that does not answer within this time counts as one that cannot be reached. */
const SANDBOX_TIMEOUT_MS = 1_500;
const ENDPOINT = new URL('/graphql', location.href).href;
/** Under which GraphiQL keeps its tabs. */
const STORED_TABS = 'graphiql:tabState';
const LOG_IN =
  'mutation LogIn($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken accessTokenExpiresAt } }';

const place = document.querySelector('#explorer');
const status = document.querySelector('#status');
const button = document.querySelector('#log-in');
const { examples, demo, sandboxScript } = JSON.parse(place.dataset.settings);

/** Loads a classic script. Rejects when it cannot be had. */
function loadScript(src) {
  return new Promise((resolve, reject) => {
    const onerror = () => reject(new Error(`${new URL(src, location.href).host} does not send a script`));
    document.head.append(Object.assign(document.createElement('script'), { src, onload: resolve, onerror }));
  });
}

/** Loads Sandbox. Rejects when its host cannot be reached: a fetch can be ended, which a script element cannot. */
async function loadSandbox() {
  await fetch(sandboxScript, { mode: 'no-cors', signal: AbortSignal.timeout(SANDBOX_TIMEOUT_MS) });
  await loadScript(sandboxScript);
}

/** Shows Sandbox, and returns what logs its user in. */
function openSandbox(target) {
  const [{ query, variables }] = examples;
  const show = (sharedHeaders) =>
    new window.EmbeddedSandbox({
      target,
      initialEndpoint: ENDPOINT,
      // Polling would use up the allowances of anonymous clients.
      initialState: {
        document: query,
        variables,
        pollForSchemaUpdates: false,
        ...(sharedHeaders && { sharedHeaders }),
      },
      endpointIsEditable: false,
      runTelemetry: false,
      allowDynamicStyles: false,
    });
  let sandbox = show();
  return (headers) => {
    sandbox.dispose();
    sandbox = show(headers);
  };
}

/** Shows GraphiQL, and returns what logs its user in: it fills the headers of this tab and of those without headers. */
async function openGraphiql(target) {
  for (const name of ['react', 'react-dom', 'graphiql']) await loadScript(`/explorer/${name}.min.js`);
  const { GraphiQL, React, ReactDOM } = window;
  const tabs = examples.map(({ query, variables }) => ({ query, variables: JSON.stringify(variables, null, 2) }));
  const properties = {
    fetcher: GraphiQL.createFetcher({ url: ENDPOINT }),
    defaultTabs: tabs,
    defaultEditorToolsVisibility: 'variables',
    // The editors of the first tab are not filled from it. Tabs of an earlier visit are.
    ...(localStorage.getItem(STORED_TABS) === null && tabs[0]),
  };
  const root = ReactDOM.createRoot(target);
  const show = (headers) =>
    root.render(React.createElement(GraphiQL, { ...properties, headers, defaultHeaders: headers }));
  show();
  return (headers) => show(JSON.stringify(headers, null, 2));
}

async function openExplorer() {
  const target = document.createElement('div');
  place.replaceChildren(target);
  const wanted = new URLSearchParams(location.search).get('explorer');
  if (sandboxScript && wanted !== 'graphiql' && (navigator.onLine || wanted === 'sandbox')) {
    status.textContent = 'Looking for Apollo Sandbox …';
    try {
      await loadSandbox();
      status.textContent = '';
      return openSandbox(target);
    } catch {
      status.textContent = 'Apollo Sandbox cannot be reached: this is GraphiQL.';
    }
  }
  return openGraphiql(target);
}

async function logIn() {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: LOG_IN, variables: demo }),
  });
  const { data, errors } = await response.json();
  if (!data?.logIn) throw new Error(errors?.[0]?.message ?? `The server answered ${response.status}.`);
  return data.logIn;
}

const opened = openExplorer();
opened.catch((error) => {
  status.textContent = `The explorer cannot be loaded: ${error.message}.`;
});
button?.addEventListener('click', async () => {
  button.disabled = true;
  try {
    const useHeaders = await opened;
    const { accessToken, accessTokenExpiresAt } = await logIn();
    useHeaders({ authorization: `Bearer ${accessToken}` });
    status.textContent = `Logged in as ${demo.email} until ${new Date(accessTokenExpiresAt).toLocaleTimeString()}.`;
  } catch (error) {
    status.textContent = `Not logged in: ${error.message}`;
  } finally {
    button.disabled = false;
  }
});
