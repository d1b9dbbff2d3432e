import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '#ops/testing/open-browser.js';
import { type MockApi, startMockApi } from './mock/mock-api.js';
import type { Overrides } from './mock/mock-schema.js';
import { NOW } from './mock/mock-values.js';
import { openMockedPage } from './mock/open-mocked-page.js';
import { settled, violations } from './watched-page.js';

/** Good by Core Web Vitals (https://web.dev/articles/cls). */
const MAX_LAYOUT_SHIFT = 0.1;
const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-7' };
const REFUSED = { data: null, errors: [{ message: 'Refused', extensions }] };

const WATCH_SHIFTS = `window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });`;

describe('the states of the dashboard', () => {
  let browser: Browser;
  let api: MockApi;
  const overrides: Overrides = {};
  const opened: Page[] = [];

  beforeAll(async () => {
    api = await startMockApi(overrides);
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const name of Object.keys(overrides)) delete overrides[name];
    for (const page of opened.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  async function open(): Promise<Page> {
    const { page } = await openMockedPage(browser, api, { viewport: { width: 1360, height: 900 } });
    opened.push(page);
    return page;
  }

  it.each(['overview', 'campaigns', 'connections', 'reports', 'billing'])(
    'are skeletons while answers are slow, and nothing jumps when they come (%s)',
    async (screen) => {
      const page = await open();
      await page.addInitScript(WATCH_SHIFTS);
      const waiting: (() => void)[] = [];
      let isSlow = true;
      await page.route('**/graphql', async (route) => {
        if (isSlow) await new Promise<void>((release) => waiting.push(release));
        await route.continue();
      });
      await page.goto(`${api.url}/app/${screen}`);
      await page.locator('h1').waitFor();
      await page.locator('main .skeleton').first().waitFor();
      expect(await violations(page)).toEqual([]);
      isSlow = false;
      // One after the other, as a slow network brings them.
      for (const release of waiting) {
        release();
        await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
      }
      await settled(page);
      expect(await page.evaluate('window.layoutShift')).toBeLessThan(MAX_LAYOUT_SHIFT);
    },
  );

  it('show what did not fail, and name what is missing', async () => {
    overrides['Organization.performance'] = ({ groupBy }) => {
      if (String(groupBy) === 'PROVIDER')
        throw new GraphQLError('The channels are asked in a minute.', { extensions: { code: 'RATE_LIMITED' } });
      return undefined;
    };
    const page = await open();
    await page.goto(`${api.url}/app/overview`);
    await settled(page);
    await page.getByRole('status').getByText('A part is missing: The channels are asked in a minute.').waitFor();
    expect(await page.locator('.tile').count()).toBeGreaterThan(3);
    expect(await page.locator('.plot canvas').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });

  it('say what failed, with the request, and are right after another try', async () => {
    const page = await open();
    await page.route('**/graphql', async (route) => {
      const { query } = route.request().postDataJSON();
      if (!/query OverviewTotals/.test(query)) return route.fallback();
      await route.fulfill({ json: REFUSED });
    });
    await page.goto(`${api.url}/app/overview`);
    const failed = page.getByRole('alert').first();
    await failed.getByText('request-7').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.unrouteAll();
    await failed.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.tile').first().waitFor();
  });

  it('say since when figures are, once they cannot be asked again', async () => {
    const page = await open();
    await page.goto(`${api.url}/app/overview`);
    await settled(page);
    await page.route('**/graphql', (route) => route.fulfill({ json: REFUSED }));
    await page.clock.setFixedTime(Date.parse(NOW) + 120_000);
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`);
    await page
      .getByText(/^As of Oct 31, 2026/)
      .first()
      .waitFor();
    expect(await page.locator('.tile').count()).toBeGreaterThan(3);
  });

  it('say that the browser is offline, ask what was meant when it is back, and lose nothing', async () => {
    const page = await open();
    // Shows what happens once the connection is lost, and is loaded some time after the first view.
    const notices = page.waitForResponse(/\/toast-list-/);
    await page.goto(`${api.url}/app/overview`);
    await (await notices).finished();
    await settled(page);
    const period = page.getByRole('button', { name: /^Period/ });
    await period.hover();
    await period.click();
    await page.getByRole('button', { name: 'Last 7 days' }).waitFor();
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.locator('main .skeleton').first().waitFor();
    // What was never opened cannot be loaded now: nothing breaks.
    await page.getByRole('combobox', { name: 'Currency' }).click();
    await page.locator('.toast', { hasText: 'This could not be loaded' }).waitFor();
    expect(await page.locator('h1').textContent()).toBe('Overview');
    await page.context().setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
    await settled(page);
    expect(page.url()).toContain('period=last_7d');
    await page.getByRole('combobox', { name: 'Currency' }).click();
    await page.getByRole('option').first().waitFor();
  });

  it.each([
    ['a list', 'select-list', 'combobox', 'Currency', 'option'],
    ['a dialog', 'note-dialog', 'button', 'Write a note', 'dialog'],
  ] as const)(
    'stay with a notice when %s cannot be loaded, and load it the next time',
    async (_, file, role, name, opened) => {
      const page = await open();
      const address = `**/${file}-*.js`;
      await page.route(address, (route) => route.abort());
      await page.goto(`${api.url}/app/overview`);
      await settled(page);
      const trigger = page.getByRole(role, { name }).first();
      await trigger.click();
      await page.locator('.toast', { hasText: 'This could not be loaded' }).waitFor();
      expect(await page.locator('.tile').count()).toBeGreaterThan(3);
      await page.unroute(address);
      await trigger.click();
      await page.getByRole(opened).first().waitFor();
    },
  );

  it('show both versions when two people changed the same client, and overwrite nothing unseen', async () => {
    let version = 1;
    const sent: unknown[] = [];
    overrides['Client.version'] = () => version;
    overrides['Mutation.updateClient'] = (args) => {
      sent.push((args.input as { version?: number } | undefined)?.version ?? args.version);
      if (sent.at(-1) !== version) throw new GraphQLError('Someone was faster.', { extensions: { code: 'CONFLICT' } });
      return undefined;
    };
    const page = await open();
    await page.goto(`${api.url}/app/clients`);
    await settled(page);
    await page
      .getByRole('button', { name: /^Change / })
      .first()
      .click();
    const dialog = page.locator('.dialog');
    await dialog.getByLabel('Name').fill('Mine');
    version = 2;
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/Nordwind Outdoor/).waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Mine');
    expect(await violations(page)).toEqual([]);
    await dialog.locator('.row-actions').getByRole('button').last().click();
    await dialog.waitFor({ state: 'detached' });
    expect(sent).toEqual([1, 2]);
  });

  it('are read anew in every tab when another one signs in elsewhere, as a switch of the organization does', async () => {
    const page = await open();
    const other = await page.context().newPage();
    for (const tab of [page, other]) {
      await tab.goto(`${api.url}/app/overview`);
      await settled(tab);
    }
    const reloaded = page.waitForEvent('load');
    const claims = Buffer.from(JSON.stringify({ sub: 'user', sid: 'another session' })).toString('base64url');
    const tokens = JSON.stringify({ accessToken: `.${claims}.`, refreshToken: 'another' });
    await other.evaluate(`localStorage.setItem('webmetrics-session', ${JSON.stringify(tokens)})`);
    await reloaded;
    await settled(page);
  });
});
