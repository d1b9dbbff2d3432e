import { dayOf } from './calendar.js';
import type { Campaign } from './campaign.js';
import { seededNumber, seedOf } from './seeded-number.js';

const THEMES = [
  'Brand',
  'Non-Brand',
  'Competitors',
  'Black Friday',
  'Remarketing',
  'New Customers',
  'Trail Running Shoes',
  'Rain Jackets',
  'Tents & Camping',
  'Back to School',
  'Winter Sale',
  'Summer Clearance',
  'Loyalty Members',
  'Gift Cards',
  'Store Visits',
  'Newsletter Sign-ups',
  'Free Shipping "This Week"',
  'Backpacks, 30–50 L',
] as const;

// Hard for spreadsheets, parsers and encodings.
const AWKWARD_NAMES = [
  '=Sale= Outlet',
  'Größe & Farbe – Übergangsjacken',
  '夏のキャンプセール 🏕',
  "Kids' <Winter> Boots",
];

function campaignName(n: number, kind: string, market: string): string {
  const awkward = n % 11 === 7 ? AWKWARD_NAMES[Math.floor(n / 11)] : undefined;
  if (awkward) return awkward;
  const theme = THEMES[n % THEMES.length];
  const round = Math.floor(n / THEMES.length);
  return round === 0
    ? `${market} | ${kind} | ${theme}`
    : `${market} | ${kind} | ${theme} | ${String(round + 1).padStart(2, '0')}`;
}

export interface CampaignPlan {
  count: number;
  firstId: bigint;
  market: string;
  digits: number;
  kinds: readonly (readonly [kind: string, title: string])[];
  statuses: { live: string; paused: string; gone: readonly string[] };
}

const EARLIEST_START = dayOf('2023-09-01');
const RECENT_START = dayOf('2026-09-14');
const EARLIEST_END = dayOf('2026-03-01');

/**
 * Returns an account's campaigns. Their ids are adjacent odd numbers above 2^53: parsed as JavaScript numbers, two
 * campaigns get confused.
 */
export function generateCampaigns(plan: CampaignPlan): Campaign[] {
  return Array.from({ length: plan.count }, (_, n) => generateCampaign(plan, n));
}

function generateCampaign(plan: CampaignPlan, n: number): Campaign {
  const id = String(plan.firstId + BigInt(n) * 2n);
  const seed = seedOf(id);
  const pick = (salt: number, from: number, to: number) => from + seededNumber(seed, salt, to - from + 1);
  const [kind, title] = plan.kinds[n % plan.kinds.length] ?? ['', ''];
  const status = statusOf(plan, n);
  const startsLately = n % 8 === 5;
  // One yen is about a cent: similar prices in every currency's smallest unit.
  return {
    id,
    seed,
    kind,
    status,
    digits: plan.digits,
    name: campaignName(n, title, plan.market),
    firstDay: startsLately ? RECENT_START + pick(-1, 0, 62) : EARLIEST_START + pick(-2, 0, 700),
    lastDay: status === plan.statuses.live ? null : EARLIEST_END + pick(-3, 0, 240),
    dailyImpressions: n % 8 === 3 ? 0 : pick(-4, 3, 60) ** 2 * 5,
    weekendPercent: pick(-5, 45, 140),
    clickRate: pick(-6, 60, 620),
    orderRate: pick(-7, 40, 480),
    clickPrice: pick(-8, 18, 320),
    orderValue: plan.digits === 0 ? pick(-9, 2_400, 18_000) : pick(-9, 24, 180),
    dailyBudget: n % 6 === 4 ? null : pick(-10, 10, 400) * 100,
  };
}

function statusOf({ statuses }: CampaignPlan, n: number): string {
  if (n % 9 === 6) return statuses.gone[Math.floor(n / 9) % statuses.gone.length] ?? statuses.live;
  return n % 5 === 2 ? statuses.paused : statuses.live;
}
