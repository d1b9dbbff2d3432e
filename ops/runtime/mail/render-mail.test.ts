import { describe, expect, it } from '@jest/globals';
import { renderMail } from './render-mail.js';

describe('a rendered mail', () => {
  const content = {
    subject: 'Ada & <b>Bob</b> invite you',
    paragraphs: ['<script>alert(1)</script>', 'It\'s "here"'],
    action: { label: 'Accept <now>', url: 'https://app.example.com/?a=1&b="2' },
  };

  it('has the same content as text and as HTML', () => {
    const { text, html, subject } = renderMail(content);
    expect(subject).toBe(content.subject);
    expect(text).toBe(
      '<script>alert(1)</script>\n\nIt\'s "here"\n\nAccept <now>:\nhttps://app.example.com/?a=1&b=%222\n',
    );
    expect(html).toContain('It&#39;s &quot;here&quot;');
    expect(html).toContain('href="https://app.example.com/?a=1&amp;b=%222"');
  });

  it('escapes markup', () => {
    const { html } = renderMail(content);
    expect(html).not.toMatch(/<script|<b>|<now>/);
  });

  it('works without an action, and for screen readers', () => {
    const { html, text } = renderMail({ subject: 'Done', paragraphs: ['All is well.'] });
    expect(text).toBe('All is well.\n');
    expect(html).not.toContain('<a ');
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('content="light dark"');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'nonsense'])('links nowhere but to the web: %s', (url) => {
    expect(() => renderMail({ ...content, action: { label: 'Go', url } })).toThrow();
  });
});
