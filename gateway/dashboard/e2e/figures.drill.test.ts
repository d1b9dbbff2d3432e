import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startDemo } from '#gateway/e2e/start-demo.js';
import type { StartedProcess } from '#gateway/e2e/start-process.js';
import { openBrowser } from '#ops/testing/open-browser.js';
import { answerManyCampaigns, HOSTILE_NAME } from './many-campaigns.js';
import { openWatchedPage, overflow, settled, violations, type WatchedPage } from './watched-page.js';

describe('the screens of figures', () => {
  let browser: Browser;
  let gateway: StartedProcess;
  let url: string;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    ({ gateway, url } = await startDemo());
    browser = await openBrowser();
    watched = await openWatchedPage(browser, { viewport: { width: 1360, height: 900 } });
    page = watched.page;
    await page.goto(url);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(/\/app\/overview/);
  });
  afterEach(() => page.unrouteAll({ behavior: 'wait' }));
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it('show 5,000 campaigns in few rows of the page, and names as they were written', async () => {
    await answerManyCampaigns(page);
    await page.goto(`${url}/app/campaigns`);
    await settled(page);
    await page.getByRole('heading', { name: '5,000 campaigns with figures' }).waitFor();
    const rows = page.locator('.table tbody tr');
    const table = page.getByRole('region', { name: /^Campaigns/ });
    await table.getByText(HOSTILE_NAME).first().waitFor();
    expect(await rows.count()).toBeLessThan(80);
    for (const shown of ['2,000', '3,000', '4,000', '5,000']) {
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.getByText(`Campaigns, ${shown} rows`).waitFor({ state: 'attached' });
    }
    await table.focus();
    await page.keyboard.press('End');
    await table.getByText('Campaign 5000', { exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(80);
    expect(await page.locator('.table img').count()).toBe(0);
    expect({ overflow: await overflow(page), violations: await violations(page) }).toEqual({
      overflow: 0,
      violations: [],
    });
  });

  it('explain a figure, of a row and of the sum, and another one from there', async () => {
    await page.goto(`${url}/app/campaigns?sort=conversions`);
    await settled(page);
    const dialog = page.getByRole('dialog', { name: 'Where this figure comes from' });
    await page
      .locator('.table')
      .getByRole('button', { name: /^Explain: / })
      .first()
      .click();
    await dialog.getByRole('combobox').filter({ hasText: 'Conversions' }).waitFor();
    await dialog.getByRole('link', { name: 'Open at the provider' }).first().waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /, explain$/ })
      .first()
      .click();
    await dialog.getByText('The sum of all rows').waitFor();
    await dialog
      .getByText(/were converted into EUR/)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('combobox', { name: 'Figure' }).click();
    await page.getByRole('option', { name: 'Clicks' }).click();
    await dialog
      .getByText(/were converted into EUR/)
      .first()
      .waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('keep search, columns and order in the address, over the campaign and back', async () => {
    await page.goto(`${url}/app/campaigns`);
    await settled(page);
    await page.getByRole('searchbox', { name: 'Name' }).fill('Lead');
    await page.waitForURL(/search=Lead/);
    await page.locator('.table').getByRole('button', { name: 'Conversions', exact: true }).click();
    await page.waitForURL(/sort=conversions/);
    await page.reload();
    await settled(page);
    expect(await page.getByRole('searchbox', { name: 'Name' }).inputValue()).toBe('Lead');
    await page.locator('.table tbody a').first().click();
    await page.waitForURL(/\/app\/campaigns\/.+/);
    await settled(page);
    await page.getByRole('tab', { name: 'Ads', exact: true }).click();
    await page.getByRole('columnheader', { name: 'Ad', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All campaigns' }).click();
    await page.waitForURL(/\/app\/campaigns\?.*search=Lead/);
  });

  it('ask a saved view again, and take back its deletion', async () => {
    const views = page.getByRole('button', { name: 'Saved views' });
    const view = page.locator('.views-list').getByRole('button', { name: 'Leads', exact: true });
    await page.goto(`${url}/app/campaigns?period=last_7d&compare=none&search=Lead&sort=conversions`);
    await settled(page);
    await views.click();
    await page.getByRole('textbox', { name: 'Save what is shown as' }).fill('Leads');
    await page.getByRole('button', { name: 'Save', exact: true }).dblclick();
    await view.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${url}/app/campaigns`);
    await settled(page);
    await views.click();
    await view.click();
    await page.waitForURL(/search=Lead/);
    await settled(page);
    const { searchParams } = new URL(page.url());
    const asked = ['period', 'compare', 'search', 'sort'].map((name) => searchParams.get(name));
    expect(asked).toEqual(['last_7d', 'none', 'Lead', 'conversions']);
    await views.click();
    await page.getByRole('button', { name: 'Actions for Leads' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await view.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The view Leads is back.').waitFor();
    expect(await view.count()).toBeLessThanOrEqual(1);
  });

  it('have notes on their days, of which a deleted one is written again', async () => {
    await page.goto(`${url}/app/overview`);
    await settled(page);
    await page.getByRole('button', { name: 'Write a note' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill('<b>Sale</b>');
    await page.getByRole('button', { name: 'Save', exact: true }).dblclick();
    const note = page.locator('.overview-note').filter({ hasText: '<b>Sale</b>' });
    await note.waitFor();
    expect(await note.count()).toBe(1);
    await note.getByRole('button', { name: /^Delete the note/ }).click();
    await note.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await note.waitFor();
  });

  it('are explained for what is inside a campaign, which has a budget of its own', async () => {
    await page.goto(`${url}/app/campaigns?provider=google-ads&status=ACTIVE`);
    await settled(page);
    await page.locator('.table tbody a').first().click();
    await page.waitForURL(/\/app\/campaigns\/.+/);
    const parts = page.getByRole('region', { name: 'Inside the campaign' });
    await parts
      .getByRole('button', { name: /^Explain: / })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Where this figure comes from' });
    await dialog.getByText(/what holds for its campaign/).waitFor();
    await dialog.getByRole('link', { name: 'Open at the provider' }).first().waitFor();
    await page.keyboard.press('Escape');
    const budgets = page.getByRole('region', { name: 'Budgets with this campaign' });
    await budgets.getByRole('button', { name: 'Set a budget' }).click();
    await page.getByRole('textbox', { name: /^Amount \(/ }).fill('700');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await budgets.getByText('1 campaign', { exact: true }).waitFor();
    expect(await budgets.getByRole('button', { name: 'Set a budget' }).count()).toBe(0);
  });

  it('set a budget once at a double click, and take back its removal', async () => {
    await page.goto(`${url}/app/budgets`);
    await settled(page);
    await page.getByRole('button', { name: 'Set a budget' }).click();
    const amount = page.getByRole('textbox', { name: /^Amount \(/ });
    await amount.fill('much');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('An amount such as 1250 or 1250.50').waitFor();
    await amount.fill('1250,50');
    await page.getByRole('button', { name: 'Save' }).dblclick();
    const row = page.locator('.table tbody tr').filter({ hasText: '1,250.50' });
    await row.waitFor();
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    expect(await row.count()).toBe(1);
    expect(watched.messages).toEqual([]);
  });
});
