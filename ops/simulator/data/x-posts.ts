import { weekdayOf } from './calendar.js';
import { seededNumber } from './seeded-number.js';
import { type XUser, xUsers } from './x-users.js';

interface PostLink {
  url: string;
  expandedUrl: string;
}

interface PostWords {
  text: string;
  lang: string;
  link: PostLink | null;
}

// Joined emoji, astral characters, right-to-left text and combining marks break careless code.
const LINES: readonly (readonly [lang: string, text: string])[] = [
  ['en', 'New boots are in. Same trails, dry feet 🥾'],
  ['en', 'Where did you go this weekend? 👇'],
  ['de', 'Größe 42 ist wieder da – für kurze Zeit'],
  ['ja', '新しいテントが届きました ⛺️ ノースウインド'],
  ['sv', 'Fjällvandring i höst? Här är packlistan'],
  ['en', 'Family tours start at 9 👨‍👩‍👧‍👦 bring a hat'],
  ['fr', 'L’été indien, c’est le moment de partir'],
  ['ar', 'خصم على جميع الخيام هذا الأسبوع'],
  ['en', 'Map of the month: 𝓦𝓲𝓷𝓭𝔂 𝓡𝓲𝓭𝓰𝓮'],
  ['pl', 'Góry czekają. Zażółć gęślą jaźń!'],
  ['en', 'Two lines\nare better than one'],
  ['vi', 'Đường mòn mới mở cửa hôm nay'],
  // X sends &, < and > as entities, and more than 280 characters in a field of its own.
  ['en', 'Rain & shine: tents < 2 kg, packs > 60 l, and "&amp;" is how HTML writes &'],
  [
    'en',
    'A long way home. '.repeat(17) +
      'Boots & packs for all of it are at our stores, and so are the people who have walked it before you 🥾',
  ],
];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function writePost(user: XUser, kind: 'post' | 'reply' | 'repost', seed: number): PostWords {
  const [lang, line] = LINES[seededNumber(seed, 20, LINES.length)] ?? ['und', ''];
  if (kind === 'repost') return { text: `RT @tara_trails: ${line}`, lang, link: null };
  const opening = kind === 'reply' ? '@tara_trails ' : '';
  if (user.mentions > 0 && seededNumber(seed, 21, 100) < user.mentions)
    return { text: `Thanks @northwind_hq! ${line}`, lang, link: null };
  if (seededNumber(seed, 22, 3) > 0) return { text: opening + line, lang, link: null };
  const link = linkOf(seed);
  return { text: `${opening}${line} ${link.url}`, lang, link };
}

function linkOf(seed: number): PostLink {
  const code = Array.from({ length: 10 }, (_, n) => LETTERS[seededNumber(seed, 30 + n, LETTERS.length)]).join('');
  return {
    url: `https://t.co/${code}`,
    expandedUrl: `https://northwind.example/journal/${seededNumber(seed, 23, 9_000) + 1_000}?utm_source=x`,
  };
}

/** A post's parameters; its figures follow from these and its age. */
export interface XPost extends PostWords {
  id: string;
  authorId: string;
  createdMs: number;
  kind: 'post' | 'reply' | 'repost';
  /** The post a reply or repost refers to. */
  referencedId: string | null;
  /** The first post of the thread. */
  conversationId: string;
  seed: number;
  /** Final impressions; 0 = never seen. */
  reach: number;
  isDeleted: boolean;
}

const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;
const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657n;
const OPENING_HOUR = 7;
const OPEN_HOURS = 13;
// Posts by users who are not simulated.
const REPOSTED_ID_BASE = 1_700_000_000_000_000_000n;

interface Timeline {
  nextDay: number;
  /** Oldest first, deleted ones included. */
  posts: XPost[];
}

const timelines = new Map<string, Timeline>();
const byId = new Map<string, XPost>();

/** Returns an account's posts as of an instant, newest first, deleted ones excluded. */
export function listXPosts(user: XUser, nowMs: number): XPost[] {
  return generate(user, nowMs)
    .posts.filter((post) => post.createdMs <= nowMs && !post.isDeleted)
    .reverse();
}

/** Returns deleted posts' ids, newest first. */
export function listDeletedXPosts(user: XUser, nowMs: number): string[] {
  return generate(user, nowMs)
    .posts.filter((post) => post.createdMs <= nowMs && post.isDeleted)
    .map((post) => post.id)
    .reverse();
}

/** Finds a post that exists at this instant. */
export function findXPost(id: string, nowMs: number): XPost | undefined {
  for (const user of xUsers) generate(user, nowMs);
  const post = byId.get(id);
  return post && !post.isDeleted && post.createdMs <= nowMs ? post : undefined;
}

// Depends on the account and the day only.
function generate(user: XUser, nowMs: number): Timeline {
  const timeline = timelines.get(user.id) ?? { nextDay: user.firstDay, posts: [] };
  timelines.set(user.id, timeline);
  const today = Math.floor(nowMs / MS_PER_DAY);
  for (; timeline.nextDay <= today; timeline.nextDay++) {
    for (const post of postsOfDay(user, timeline.nextDay)) {
      timeline.posts.push(post);
      byId.set(post.id, post);
    }
  }
  return timeline;
}

function postsOfDay(user: XUser, day: number): XPost[] {
  const percent = user.week[weekdayOf(day)] ?? 0;
  const more = seededNumber(user.seed, day, 100) < percent % 100 ? 1 : 0;
  const count = Math.floor(percent / 100) + more;
  return Array.from({ length: count }, (_, n) => postsAt(user, day, n, count)).flat();
}

/** Returns one post, or two of a thread with adjacent ids. */
function postsAt(user: XUser, day: number, n: number, count: number): XPost[] {
  const seed = seededNumber(user.seed, day * 16 + n, 0xffffffff);
  const slotMs = (OPEN_HOURS * MS_PER_HOUR) / count;
  const offset = OPENING_HOUR * MS_PER_HOUR + n * slotMs + seededNumber(seed, 1, slotMs);
  const createdMs = day * MS_PER_DAY + Math.floor(offset);
  const first = post(user, seed, createdMs, 0, kindOf(user, seed), null);
  if (first.kind !== 'post' || first.isDeleted || seededNumber(seed, 3, 100) >= 8) return [first];
  return [first, post(user, seed + 1, createdMs, 1, 'reply', first)];
}

function kindOf(user: XUser, seed: number): XPost['kind'] {
  const chance = seededNumber(seed, 4, 100);
  if (user.mentions > 0) return 'post';
  return chance < 4 ? 'repost' : chance < 10 ? 'reply' : 'post';
}

function post(
  user: XUser,
  seed: number,
  createdMs: number,
  sequence: number,
  kind: XPost['kind'],
  threadStart: XPost | null,
): XPost {
  const id = snowflake(createdMs, seededNumber(user.seed, Math.floor(createdMs / 1000), 1024), sequence);
  const referencedId = kind === 'post' ? null : (threadStart?.id ?? String(REPOSTED_ID_BASE + BigInt(seed) * 3n));
  return {
    ...writePost(user, kind, seed),
    id,
    authorId: user.id,
    createdMs,
    kind,
    referencedId,
    conversationId: kind === 'reply' && referencedId !== null ? referencedId : id,
    seed,
    reach: kind === 'repost' ? 0 : reachOf(user, seed, createdMs),
    isDeleted: threadStart === null && seededNumber(seed, 5, 60) === 0,
  };
}

function reachOf(user: XUser, seed: number, createdMs: number): number {
  if (seededNumber(seed, 6, 24) === 0) return 0;
  const weekday = weekdayOf(Math.floor(createdMs / MS_PER_DAY));
  const week = weekday === 0 || weekday === 6 ? 60 : 100;
  const luck = seededNumber(seed, 7, 50) === 0 ? 18 : 1;
  return Math.floor((user.reach * luck * week * (20 + seededNumber(seed, 8, 120))) / 10_000);
}

/** X's id format: milliseconds since its epoch, ten bits of machine, twelve of sequence. */
function snowflake(ms: number, machine: number, sequence: number): string {
  return String(((BigInt(ms) - SNOWFLAKE_EPOCH_MS) << 22n) | (BigInt(machine) << 12n) | BigInt(sequence));
}
