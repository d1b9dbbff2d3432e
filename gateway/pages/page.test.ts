import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PAGE_CSP, type Page, renderPage } from './page.js';

const page: Page = { title: 'A title', text: 'A text' };
const form: Page['form'] = {
  action: 'reset-password',
  token: 'token',
  fields: [
    { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name' },
    { name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', hint: 'Long' },
  ],
  button: 'Set it',
};

describe('a page', () => {
  it('escapes every value, in text and in attributes', () => {
    const markup = `"><script>alert('1')</script>&`;
    const html = renderPage({
      title: markup,
      text: markup,
      reference: markup,
      form: {
        action: markup,
        token: markup,
        button: markup,
        problem: markup,
        fields: [{ name: markup, label: markup, type: markup as 'text', autocomplete: markup as 'name', hint: markup }],
      },
    });
    expect(html).not.toContain('<script');
    expect(html.match(/&quot;&gt;&lt;script&gt;alert\(&#39;1&#39;\)&lt;\/script&gt;&amp;/g)?.length).toBeGreaterThan(
      12,
    );
  });

  it('has a style sheet that its policy allows, and no style attribute', () => {
    const html = renderPage({ ...page, form });
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(html) ?? [];
    expect(PAGE_CSP).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(html).not.toMatch(/ style=/);
  });

  it('shows a form with its token, fields and hints', () => {
    const html = renderPage({ ...page, form });
    expect(html).toContain('<form method="post" action="reset-password">');
    expect(html).toContain('<input type="hidden" name="token" value="token">');
    expect(html).toContain('autocomplete="name" required autofocus>');
    expect(html).toContain('autocomplete="new-password" required aria-describedby="password-hint">');
    expect(html).toContain('<small id="password-hint">Long</small>');
    expect(html).not.toContain('role="alert"');
    expect(renderPage({ ...page, form: { ...form, problem: 'Too short' } })).toContain('<p role="alert">Too short</p>');
  });

  it('is a result without a form', () => {
    expect(renderPage(page)).not.toContain('<form');
    expect(renderPage({ ...page, reference: 'CODE · 1' })).toContain('<small>CODE · 1</small>');
  });
});
