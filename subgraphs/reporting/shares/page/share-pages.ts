import { type Language, languages } from '#reporting/dataset/dataset.js';
import type { Direction } from '#reporting/texts/isolate.js';
import { textsOf } from '#reporting/texts/texts.js';
import { type Markup, markup } from './markup.js';
import { styleOf } from './style.js';

/** A page for the bearer of a share link. */
export interface SharedPage {
  state: 'OPEN' | 'LOCKED' | 'CLOSED';
  language: Language;
  direction: Direction;
  title: string;
  /** CSS. */
  style: string;
  /** HTML. */
  body: string;
}

/** Returns the first language of an `Accept-Language` header that there are texts in; English without one. */
export function preferredLanguage(acceptLanguage: string | null | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split('-')[0], quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { language } of wanted) {
    const known = languages.find((each) => each === language);
    if (known) return known;
  }
  return 'en';
}

function plainPage(
  state: SharedPage['state'],
  acceptLanguage: string | null | undefined,
  contentOf: (texts: ReturnType<typeof textsOf>) => { title: string; content: Markup },
): SharedPage {
  const language = preferredLanguage(acceptLanguage);
  const texts = textsOf(language);
  const { title, content } = contentOf(texts);
  const body = markup`<main class="plain"><h1>${title}</h1>${content}</main>`;
  return { state, language, direction: texts.direction, title, style: styleOf(), body: body.text };
}

/** Returns the page of a link that opens nothing: the same for one that never existed, has expired or was revoked. */
export function closedPage(acceptLanguage?: string | null): SharedPage {
  return plainPage('CLOSED', acceptLanguage, ({ text }) => ({
    title: text('share.invalid'),
    content: markup`<p>${text('share.invalid.text')}</p>`,
  }));
}

/** Returns the page that asks for the password of a link. It says nothing of the report. */
export function lockedPage({
  acceptLanguage,
  token,
  problem,
}: {
  acceptLanguage?: string | null;
  token: string;
  problem?: 'share.passwordWrong' | 'share.passwordLater';
}): SharedPage {
  return plainPage('LOCKED', acceptLanguage, ({ text }) => ({
    title: text('share.passwordNeeded'),
    content: markup`<form method="post" action="/shared/${token}">${
      problem ? markup`<p role="alert">${text(problem)}</p>` : null
    }<label for="password">${text('share.password')}</label><input id="password" name="password" type="password" maxlength="200" autocomplete="off" required autofocus><button>${text('share.open')}</button></form>`,
  }));
}
