import { once } from 'es-toolkit/function';
import { escape as escapeHtml } from 'es-toolkit/string';
import { Marked, type Tokens } from 'marked';
import { readManual } from '#schema/read-manual.js';

/** A page of the manual. */
interface RenderedPage {
  title: string;
  /** HTML, made of our own Markdown. */
  content: string;
}

const START = 'README';

/** Where else the manual's links lead here. */
const SERVED: Record<string, string> = {
  '../api.graphql': '/schema.graphql',
  '../openapi.json': '/openapi.json',
};

/** Returns where a link of the manual leads, undefined for a file of the repository that is not served. */
function targetOf(href: string, names: ReadonlySet<string>): string | undefined {
  if (/^(https?:|#)/.test(href)) return href;
  const [, file = '', hash = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const name = /^([\w-]+)\.md$/.exec(file)?.[1];
  if (name && names.has(name)) return `${name === START ? '/manual' : `/manual/${name}`}${hash}`;
  return SERVED[file];
}

/** Returns the id that GitHub gives a heading. */
const headingId = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function createRenderer(names: ReadonlySet<string>): Marked {
  return new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${escapeHtml(headingId(text))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link(token) {
        const target = targetOf(token.href, names);
        const label = this.parser.parseInline(token.tokens);
        return target ? `<a href="${escapeHtml(target)}">${label}</a>` : label;
      },
      // Tables scroll by themselves on a narrow screen, and by the keyboard.
      table(token) {
        const cells = (row: Tokens.TableCell[], tag: string) =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const head = token.header.some(({ text }) => text) ? `<thead>${cells(token.header, 'th')}</thead>` : '';
        const body = token.rows.map((row) => cells(row, 'td')).join('');
        return `<div class="wide" tabindex="0" role="region" aria-label="Table"><table>${head}<tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
}

/** Returns the pages of the manual by path segment, each made when it is first requested; that of the first page is empty. */
export function renderManual(): ReadonlyMap<string, () => RenderedPage> {
  const pages = readManual();
  const marked = createRenderer(new Set(pages.map(({ name }) => name)));
  return new Map(
    pages.map(({ name, title, text }) => [
      name === START ? '' : name,
      once(() => ({ title, content: marked.parse(text, { async: false }) })),
    ]),
  );
}
