import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '#ops/testing/open-browser.js';
import { HOSTILE_NAME } from './many-campaigns.js';
import { type MockApi, startMockApi } from './mock/mock-api.js';
import { openMockedPage } from './mock/open-mocked-page.js';
import { screenPaths } from './screen-paths.js';
import { overflow, settled, violations } from './watched-page.js';

const ACCOUNTS = 100;
const hostile = () => HOSTILE_NAME;
const overrides = {
  'Account.name': hostile,
  'Campaign.name': hostile,
  'Client.name': hostile,
  'Organization.name': hostile,
  'User.name': hostile,
  'Report.title': hostile,
  'Organization.accounts': () => Array.from({ length: ACCOUNTS }, () => ({ __typename: 'Account' })),
};
/** As wide as A4 without its margins, in pixels of CSS. */
const PAPER_WIDTH = 703;

/** Returns the tables that are wider than what they are in: on paper nothing scrolls. */
const CUT_TABLES = `[...document.querySelectorAll('.table')]
  .filter((table) => table.offsetWidth > table.parentElement.clientWidth + 1)
  .map((table) => table.caption.textContent)`;

/** Returns the sentences that begin with a figure and do not show it at their beginning. */
const TURNED_SENTENCES = `(() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const turned = [];
  const leftOf = (node, index) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + 1);
    return range.getBoundingClientRect();
  };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!/^\\d+ [a-z]/i.test(node.data) || !node.parentElement.checkVisibility()) continue;
    const [first, word] = [leftOf(node, 0), leftOf(node, node.data.indexOf(' ') + 1)];
    if (first.width > 0 && first.top === word.top && first.left > word.left) turned.push(node.data);
  }
  return turned;
})()`;

describe('bad input', () => {
  let browser: Browser;
  let api: MockApi;
  let ordinary: MockApi;
  let zoomed: Page;
  let messages: string[];

  beforeAll(async () => {
    api = await startMockApi(overrides);
    ordinary = await startMockApi();
    browser = await openBrowser();
    const options = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 };
    ({ page: zoomed, messages } = await openMockedPage(browser, api, options));
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await ordinary?.close();
  });

  it.each(screenPaths)(
    'of names with markup, marks of direction and 200 letters, and 100 accounts, breaks no screen at 200 %% (%s)',
    async (screen) => {
      await zoomed.goto(`${api.url}/app/${screen}`);
      await settled(zoomed);
      expect({
        messages: messages.splice(0),
        overflow: await overflow(zoomed),
        images: await zoomed.locator('img[src=x]').count(),
        violations: await violations(zoomed),
      }).toEqual({ messages: [], overflow: 0, images: 0, violations: [] });
    },
  );

  it('leaves a page that can be printed: light, and with all of its tables', async () => {
    const { page } = await openMockedPage(browser, api, {
      viewport: { width: PAPER_WIDTH, height: 900 },
      theme: 'dark',
    });
    await page.emulateMedia({ media: 'print' });
    for (const screen of screenPaths) {
      await page.goto(`${api.url}/app/${screen}`);
      await settled(page);
      const color = await page.evaluate('getComputedStyle(document.querySelector("h1")).color');
      expect({ screen, cut: await page.evaluate(CUT_TABLES), overflow: await overflow(page), color }).toEqual({
        screen,
        cut: [],
        overflow: 0,
        color: 'rgb(19, 26, 38)',
      });
    }
    await page.context().close();
  });

  it('does not turn sentences with figures in the mirrored layout', async () => {
    const { page } = await openMockedPage(browser, ordinary, {
      viewport: { width: 1360, height: 900 },
      language: 'ar',
    });
    for (const screen of screenPaths) {
      await page.goto(`${ordinary.url}/app/${screen}`);
      await settled(page);
      expect({ screen, turned: await page.evaluate(TURNED_SENTENCES) }).toEqual({ screen, turned: [] });
    }
    await page.context().close();
  });
});
