import type { Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfDay } from '#simulator/data/daily-figures.js';
import { seededNumber, seedOf } from '#simulator/data/seeded-number.js';
import { splitFigures } from './split-figures.js';

/** The providers' words for what serves, is paused and is gone. */
export interface PartStatuses {
  live: string;
  paused: string;
  gone: string;
}

export interface Ad {
  id: string;
  name: string;
  status: string;
  /** Share in its campaign's figures; 0 = never served. */
  weight: number;
}

export interface Keyword {
  /** Of the text and match type: the same in every ad group. */
  criterionId: string;
  text: string;
  matchType: 'EXACT' | 'PHRASE' | 'BROAD';
  status: string;
  /** null = too little traffic. */
  qualityScore: number | null;
  weight: number;
}

/** An ad group at Google, an ad set at Meta; LinkedIn has its ads only. */
export interface AdGroup {
  id: string;
  name: string;
  status: string;
  ads: readonly Ad[];
  keywords: readonly Keyword[];
}

const GROUP_NAMES = ['Core', 'Generic', 'Lookalike 1 %', 'Größen & Farben'];
const AD_NAMES = ['Free returns', 'New in: autumn', '"Last pairs"'];
const KEYWORDS = [
  'running shoes',
  'trail running shoes',
  'rain jacket',
  'zelt 4 personen',
  'backpack 40 l',
  'kids boots',
];
const MATCH_TYPES = ['EXACT', 'PHRASE', 'BROAD'] as const;

function keywordOf(seed: number, n: number, statuses: PartStatuses): Keyword {
  const text = KEYWORDS[(seed + n) % KEYWORDS.length] ?? '';
  const matchType = MATCH_TYPES[(seed + n) % 3] ?? 'BROAD';
  const weight = seededNumber(seed, -40 - n, 9);
  return {
    criterionId: String(300_000_000_000 + seedOf(`${matchType} ${text}`)),
    text,
    matchType,
    status: n === 3 ? statuses.paused : statuses.live,
    qualityScore: weight < 3 ? null : 1 + seededNumber(seed, -60 - n, 10),
    weight: n === 0 ? weight + 1 : weight,
  };
}

// Campaigns have odd ids: the twenty numbers from ten times theirs on are free.
const FIRST_GROUP = 1;
const FIRST_AD = 5;

/** Returns the parts of a campaign, always the same: one to four ad groups with one to three ads each. */
export function adGroupsOf(campaign: Campaign, statuses: PartStatuses): AdGroup[] {
  const { seed } = campaign;
  const idOf = (n: number) => String(BigInt(campaign.id) * 10n + BigInt(n));
  return Array.from({ length: 1 + seededNumber(seed, -20, 4) }, (_, n): AdGroup => {
    const ofGroup = seededNumber(seed, -21 - n, 1 << 16);
    const ads = Array.from(
      { length: 1 + seededNumber(ofGroup, -22, 3) },
      (_ad, m): Ad => ({
        id: idOf(FIRST_AD + n * 3 + m),
        name: `${AD_NAMES[m]} ${n + 1}`,
        status: m === 1 && n === 2 ? statuses.gone : m === 1 ? statuses.paused : statuses.live,
        weight: m === 2 ? 0 : 1 + seededNumber(ofGroup, -30 - m, 9),
      }),
    );
    return {
      id: idOf(FIRST_GROUP + n),
      name: GROUP_NAMES[n] ?? '',
      status: n === 3 ? statuses.gone : n === 1 ? statuses.paused : statuses.live,
      ads,
      keywords: Array.from({ length: 2 + seededNumber(ofGroup, -23, 4) }, (_keyword, m) =>
        keywordOf(ofGroup, m, statuses),
      ),
    };
  });
}

export interface MeasuredAdGroup {
  group: AdGroup;
  figures: Figures;
  ads: { ad: Ad; figures: Figures }[];
  keywords: { keyword: Keyword; figures: Figures }[];
}

const phaseOf = (campaign: Campaign, day: number) => seededNumber(campaign.seed, day * 8 + 6, 1_000) / 1_000;

/** Returns the figures of a campaign's parts from `first` to `last`, split day by day, so that any ranges add up. */
export function measureAdGroups(
  campaign: Campaign,
  groups: readonly AdGroup[],
  first: number,
  last: number,
): MeasuredAdGroup[] {
  const weights = groups.flatMap(({ ads }) => ads.map(({ weight }) => weight));
  const days: { ads: Figures[]; keywords: Figures[][] }[] = [];
  for (let day = first; day <= last; day++) {
    const figures = figuresOfDay(campaign, day);
    if (figures.impressions === 0) continue;
    const phase = phaseOf(campaign, day);
    const ads = splitFigures(figures, weights, phase);
    let at = 0;
    const keywords = groups.map((group) => {
      const own = addFigures(ads.slice(at, at + group.ads.length));
      at += group.ads.length;
      return splitFigures(
        own,
        group.keywords.map(({ weight }) => weight),
        phase,
      );
    });
    days.push({ ads, keywords });
  }
  const sum = (read: (day: (typeof days)[number]) => Figures | undefined) =>
    addFigures(days.flatMap((day) => read(day) ?? []));
  let at = 0;
  return groups.map((group, n) => {
    const start = at;
    at += group.ads.length;
    const ads = group.ads.map((ad, m) => ({ ad, figures: sum((day) => day.ads[start + m]) }));
    return {
      group,
      ads,
      figures: addFigures(ads.map(({ figures }) => figures)),
      keywords: group.keywords.map((keyword, m) => ({ keyword, figures: sum((day) => day.keywords[n]?.[m]) })),
    };
  });
}
