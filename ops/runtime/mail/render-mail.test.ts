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
    expect(html).toContain('<html lang="en" dir="ltr">');
    expect(html).toContain('content="light dark"');
  });

  it('speaks another language, in the name and colour of a brand', () => {
    const locale = {
      language: 'ar',
      direction: 'rtl',
      fallback: 'افتح هذا العنوان:',
      decline: 'أوقف هذه الرسائل:',
    } as const;
    const brand = { name: 'وكالة & شركاء', color: '#7a1fa2', footer: 'بيروت' };
    const { html, text } = renderMail({ ...content, declineUrl: 'https://app.example.com/stop', locale, brand });
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('background:#7a1fa2');
    expect(html).toContain('وكالة &amp; شركاء');
    expect(html).not.toMatch(/If the button|Not for you/);
    expect(text).toContain('أوقف هذه الرسائل:\nhttps://app.example.com/stop\n\nبيروت\n');
    const forged = renderMail({ ...content, brand: { ...brand, color: 'red;}</style>' } });
    expect(forged.html).toContain('background:#1a4fd6');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'nonsense'])('links nowhere but to the web: %s', (url) => {
    expect(() => renderMail({ ...content, action: { label: 'Go', url } })).toThrow();
  });
});
