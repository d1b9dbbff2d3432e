import { seededNumber } from './seeded-number.js';
import type { XUser } from './x-users.js';

export interface PostLink {
  /** As it stands in the text. */
  url: string;
  expandedUrl: string;
}

export interface PostWords {
  text: string;
  lang: string;
  link: PostLink | null;
}

// Emoji joined from several, text beyond the basic plane, right to left, combining marks: whatever breaks careless code.
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
];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Returns what a post says, with a link in every third. */
export function writePost(user: XUser, kind: 'post' | 'reply' | 'repost', seed: number): PostWords {
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
