import { describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { dateOf, dayIn, dayOf, findDay, offsetMinutes } from './calendar.js';
import { addFigures, type Figures, figuresOfDay, figuresOfRange, HISTORY_START } from './daily-figures.js';
import { googleAdGroupsOf, googleAdsAccounts } from './google-ads-accounts.js';
import { creativeGroupsOf, linkedinAccounts } from './linkedin-accounts.js';
import { adSetsOf, metaAccounts } from './meta-accounts.js';
import { measureAdGroups } from './parts/ad-groups.js';
import { figuresByCountry, figuresByDevice } from './parts/breakdowns.js';

const accounts = [...googleAdsAccounts, ...metaAccounts, ...linkedinAccounts];
const campaigns = accounts.flatMap((account) => account.campaigns.map((campaign) => ({ account, campaign })));
const first = dayOf('2026-08-20');
const last = dayOf('2026-11-20');
const days = Array.from({ length: last - first + 1 }, (_, n) => first + n);

function contradicts(figures: Figures, digits: number): boolean {
  const { impressions, clicks, orders, halfConversions, halfValue } = figures;
  return (
    Object.values(figures).some((value) => !Number.isInteger(value) || value < 0) ||
    clicks > impressions ||
    orders > clicks ||
    Math.abs(halfConversions - orders * 2) > 1 ||
    (orders === 0 && halfConversions + halfValue > 0) ||
    (digits === 0 && halfValue % 2 !== 0)
  );
}

describe('the simulated figures', () => {
  it('never contradict themselves', () => {
    const contradictions = campaigns.flatMap(({ campaign }) =>
      days
        .filter((day) => contradicts(figuresOfDay(campaign, day), campaign.digits))
        .map((day) => `${campaign.id} on ${dateOf(day)}`),
    );
    expect(contradictions).toEqual([]);
  });

  itInDrills('sum up over any range to exactly the sum of its days', () => {
    for (const { campaign } of campaigns) {
      expect(figuresOfRange(campaign, first, last)).toEqual(addFigures(days.map((day) => figuresOfDay(campaign, day))));
    }
  });

  it('are the same after a longer range was computed', () => {
    const campaign = campaigns[0]!.campaign;
    const before = figuresOfRange(campaign, first, last);
    figuresOfRange(campaign, HISTORY_START, last + 400);
    expect(figuresOfRange(campaign, first, last)).toEqual(before);
  });

  it('stay what they were published as', () => {
    const campaign = googleAdsAccounts[1]!.campaigns[0]!;
    expect(figuresOfRange(campaign, dayOf('2026-10-01'), dayOf('2026-10-31'))).toMatchInlineSnapshot(`
{
  "clicks": 257,
  "cost": 80102,
  "halfConversions": 21,
  "halfValue": 4517,
  "impressions": 4673,
  "orders": 15,
}
`);
  });

  it('include campaigns that never deliver and campaigns that started lately', () => {
    for (const list of [googleAdsAccounts, metaAccounts, linkedinAccounts]) {
      const all = list.flatMap((account) => account.campaigns);
      expect(all.some((campaign) => figuresOfRange(campaign, HISTORY_START, last).impressions === 0)).toBe(true);
      expect(all.some((campaign) => campaign.firstDay > dayOf('2026-09-13'))).toBe(true);
    }
  });

  it('reach back two years and more', () => {
    const old = campaigns.filter(({ campaign }) => campaign.firstDay <= HISTORY_START && campaign.dailyImpressions > 0);
    expect(old.length).toBeGreaterThan(10);
    for (const { campaign } of old) expect(figuresOfDay(campaign, HISTORY_START + 2).impressions).toBeGreaterThan(0);
  });
});

describe('the simulated parts of campaigns', () => {
  const listed = [
    ...googleAdsAccounts.flatMap((account) =>
      account.campaigns.map((one) => ({ account, one, groups: googleAdGroupsOf(one) })),
    ),
    ...metaAccounts.flatMap((account) => account.campaigns.map((one) => ({ account, one, groups: adSetsOf(one) }))),
    ...linkedinAccounts.flatMap((account) =>
      account.campaigns.map((one) => ({ account, one, groups: creativeGroupsOf(one) })),
    ),
  ];
  const [from, to] = [last - 2, last];

  itInDrills('add up to the campaign and never contradict themselves', () => {
    for (const { account, one, groups } of listed) {
      const whole = figuresOfRange(one, from, to);
      const measured = measureAdGroups(one, groups, from, to);
      const ads = measured.flatMap((group) => group.ads.map(({ figures }) => figures));
      const splits = [
        figuresByDevice(one, from, to),
        figuresByCountry(one, from, to),
        ...(groups.length > 0 ? [ads] : []),
      ];
      for (const parts of splits) {
        expect(addFigures(parts)).toEqual(whole);
        expect(
          parts.filter((part) => contradicts({ ...part, halfConversions: part.orders * 2 }, account.digits)),
        ).toEqual([]);
      }
      for (const { figures, keywords } of measured)
        expect(addFigures(keywords.map((one) => one.figures))).toEqual(figures);
    }
  });

  it('have ids of their own, that fit 64 bits', () => {
    const ids = listed.flatMap(({ groups }) => groups.flatMap(({ id, ads }) => [id, ...ads.map((ad) => ad.id)]));
    expect(new Set([...ids, ...campaigns.map(({ campaign }) => campaign.id)]).size).toBe(ids.length + campaigns.length);
    for (const id of ids) expect(BigInt(id)).toBeLessThan(2n ** 63n);
    for (const { account, groups } of listed) {
      if (linkedinAccounts.some((one) => one === account)) {
        for (const { ads } of groups) for (const { id } of ads) expect(Number.isSafeInteger(Number(id))).toBe(true);
      }
    }
  });
});

describe('the simulated accounts', () => {
  it('have campaign ids beyond 2^53 where the provider sends them as text', () => {
    const idsOf = (some: readonly { campaigns: readonly { id: string }[] }[]) =>
      some.flatMap((one) => one.campaigns.map(({ id }) => id));
    const ids = idsOf([...googleAdsAccounts, ...metaAccounts]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map(Number)).size).toBeLessThan(ids.length);
    for (const id of ids) expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
    for (const id of idsOf(linkedinAccounts)) expect(Number.isSafeInteger(Number(id))).toBe(true);
  });

  it('name every campaign of an account uniquely', () => {
    for (const account of accounts) {
      expect(new Set(account.campaigns.map((campaign) => campaign.name)).size).toBe(account.campaigns.length);
    }
  });

  it('include edge cases', () => {
    expect(new Set(googleAdsAccounts.map((account) => account.currency))).toEqual(
      new Set(['EUR', 'USD', 'JPY', 'GBP']),
    );
    expect(googleAdsAccounts.map((account) => account.status)).toContain('CANCELED');
    expect(googleAdsAccounts.flatMap((account) => account.campaigns.map((campaign) => campaign.status))).toEqual(
      expect.arrayContaining(['ENABLED', 'PAUSED', 'REMOVED']),
    );
    expect(metaAccounts.map((account) => account.status)).toContain('2');
    expect(Math.max(...metaAccounts.map((account) => account.campaigns.length))).toBeGreaterThan(120);
    expect(new Set(linkedinAccounts.map((account) => account.currency))).toEqual(new Set(['USD', 'EUR', 'JPY', 'GBP']));
    expect(linkedinAccounts.map((account) => account.status)).toContain('CANCELED');
    expect(linkedinAccounts.flatMap((account) => account.campaigns.map((campaign) => campaign.status))).toEqual(
      expect.arrayContaining(['ACTIVE', 'PAUSED', 'ARCHIVED', 'COMPLETED', 'DRAFT', 'CANCELED', 'REMOVED']),
    );
    for (const { id } of googleAdsAccounts) expect(id).toMatch(/^\d{10}$/);
  });
});

describe('the calendar', () => {
  it('returns the day in another time zone', () => {
    const instant = new Date('2026-11-20T23:30:00Z');
    expect(dateOf(dayIn('Asia/Tokyo', instant))).toBe('2026-11-21');
    expect(dateOf(dayIn('America/Los_Angeles', instant))).toBe('2026-11-20');
    expect(offsetMinutes('America/New_York', new Date('2026-07-01T00:00:00Z'))).toBe(-240);
  });

  it('refuses days that do not exist', () => {
    expect(findDay('2026-02-30')).toBeNull();
    expect(findDay('2026-2-3')).toBeNull();
  });
});
