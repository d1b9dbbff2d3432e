import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, openBrowser } from '#ops/testing/open-browser.js';
import { startDemo } from './start-demo.js';
import type { StartedProcess } from './start-process.js';

const SANDBOX = /embeddable-sandbox\.cdn\.apollographql\.com/;
const GRAPHIQL = '.graphiql-container .CodeMirror';
const OUTSIDE_MESSAGES = /^Failed to load resource: net::ERR_/;

/** A page, with what it asked for and what the browser said about it. */
interface Watched {
  page: Page;
  /** Names of the operations it sent. */
  operations: string[];
  otherHosts: string[];
  messages: string[];
}

describe('the pages for people, in a browser without internet', () => {
  let browser: Browser;
  let gateway: StartedProcess;
  let url: string;
  const opened: Page[] = [];

  beforeAll(async () => {
    if (!hasBrowser) throw new Error('Install chromium, or name it in CHROMIUM.');
    ({ gateway, url } = await startDemo());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
  });

  async function openPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Watched> {
    const page = await (await browser.newContext(options)).newPage();
    // A browser starts slowly beside other drills; the test's own limit ends what hangs.
    page.setDefaultTimeout(180_000);
    opened.push(page);
    const watched: Watched = { page, operations: [], otherHosts: [], messages: [] };
    page.on('request', (request) => {
      const { hostname, pathname } = new URL(request.url());
      if (hostname !== 'localhost') watched.otherHosts.push(hostname);
      if (pathname === '/graphql' && request.method() === 'POST') {
        const { operationName, query } = request.postDataJSON();
        watched.operations.push(operationName ?? /(?<=mutation |query )\w+/.exec(query)?.[0]);
      }
    });
    page.on('pageerror', ({ message }) => watched.messages.push(message));
    page.on('console', (message) => {
      const isOutside = OUTSIDE_MESSAGES.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !isOutside) watched.messages.push(message.text());
    });
    return watched;
  }

  it.each(['light', 'dark'] as const)(
    'begin with a page that fits a telephone, by the keyboard (%s)',
    async (colorScheme) => {
      const { page, messages } = await openPage({ viewport: { width: 360, height: 700 }, colorScheme });
      await page.goto(`${url}/start`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(await page.textContent('.notice')).toContain('demo@webmetrics.test / webmetrics-demo');
      // After the dashboard.
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(`${url}/graphql`);
      expect(messages).toEqual([]);
    },
  );

  it('run an example of GraphiQL as the demo user, after one click', async () => {
    const { page, operations, otherHosts, messages } = await openPage();
    await page.goto(`${url}/graphql`);
    await page.waitForSelector(GRAPHIQL);
    await page.click('#log-in');
    await page.locator('#status', { hasText: /^Logged in/ }).waitFor();
    await page.click('.graphiql-execute-button');
    await page.locator('.result-window', { hasText: /"data".*"me".*"connections"/ }).waitFor();
    await page.click('button[data-name=headers]');
    const tools = page.locator('.graphiql-editor-tool');
    await tools.locator('text=authorization').waitFor();
    await page.click('.graphiql-tab >> text="Compare"');
    await page.click('button[data-name=variables]');
    await tools.locator('text=monthBefore').waitFor();
    // The schema is asked for once.
    expect(operations).toEqual(['IntrospectionQuery', 'LogIn', 'Dashboard']);
    expect([...new Set(otherHosts)]).toEqual(['embeddable-sandbox.cdn.apollographql.com']);
    expect(messages).toEqual([]);
  });

  it('try a request at /docs as a user, without a message of the browser', async () => {
    const { page, otherHosts, messages } = await openPage({ viewport: { width: 360, height: 740 } });
    await page.goto(`${url}/docs`);
    const logIn = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'demo@webmetrics.test', password: 'webmetrics-demo' }),
    });
    const { data } = (await logIn.json()) as { data: { accessToken: string } };
    await page.click('.btn.authorize');
    const bearer = page.locator('.auth-container', { hasText: 'bearer' }).first();
    await bearer.locator('input').fill(data.accessToken);
    await bearer.locator('button[type=submit]').click();
    await page.click('.btn-done');
    const operation = page.locator('#operations-authentication-getUser');
    // Swagger UI renders the operations near the visible part of the page.
    while ((await operation.count()) === 0) {
      await page.mouse.wheel(0, 200);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.try-out__btn').click();
    await operation.locator('.execute').click();
    await operation.locator('.live-responses-table', { hasText: 'demo@webmetrics.test' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(otherHosts).toEqual([]);
    expect(messages).toEqual([]);
  });

  it('show GraphiQL when the host of Apollo Sandbox accepts requests and does not answer', async () => {
    const { page } = await openPage();
    await page.route(SANDBOX, () => {});
    await page.goto(`${url}/graphql`);
    await page.waitForSelector(GRAPHIQL);
    expect(await page.textContent('#status')).toBe('Apollo Sandbox cannot be reached: this is GraphiQL.');
  });

  it('show Apollo Sandbox when it can be reached, with an example, the demo log-in, and without polling', async () => {
    const { page, messages } = await openPage();
    const script = `window.opened = [];
      window.EmbeddedSandbox = class {
        constructor({ target, ...options }) { window.opened.push(options); target.textContent = 'Sandbox ' + window.opened.length; }
        dispose() {}
      };`;
    await page.route(SANDBOX, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    // However long this process takes to answer.
    await page.addInitScript('AbortSignal.timeout = () => new AbortController().signal');
    await page.goto(`${url}/graphql`);
    await page.locator('text=Sandbox 1').waitFor();
    await page.click('#log-in');
    await page.locator('text=Sandbox 2').waitFor();
    const given = await page.evaluate<any[]>('window.opened');
    const expected = {
      initialEndpoint: `${url}/graphql`,
      runTelemetry: false,
      initialState: { document: expect.stringContaining('query Dashboard'), pollForSchemaUpdates: false },
    };
    expect(given).toMatchObject([expected, expected]);
    expect(given[1].initialState.sharedHeaders.authorization).toMatch(/^Bearer \S+$/);
    expect(await page.locator(GRAPHIQL).count()).toBe(0);
    expect(messages).toEqual([]);
  });
});
