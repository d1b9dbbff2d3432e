import { describe, expect, it } from '@jest/globals';
import { renderManual } from './manual.js';

describe('the manual', () => {
  const pages = new Map([...renderManual()].map(([name, page]) => [name, page()]));
  const links = [...pages].flatMap(([name, { content }]) =>
    [...content.matchAll(/<a href="([^"]+)"/g)].map(([, href = '']) => [name, href] as const),
  );

  it('has its pages by name, the first one without', () => {
    expect(pages.get('')?.title).toBe("User's manual");
    expect(pages.get('errors')?.content).toContain('<code>BAD_USER_INPUT</code>');
  });

  it('links to its own pages and to what is served, and to no file of the repository', () => {
    expect(links.length).toBeGreaterThan(20);
    for (const [, href] of links)
      expect(href).toMatch(/^(\/manual(\/[\w-]+)?(#.+)?|\/schema\.graphql|\/openapi\.json|#.+|https:\/\/.+)$/);
  });

  it('has every heading that its links name', () => {
    const missing = links.filter(([from, href]) => {
      const [, page, hash] = /^(?:\/manual\/?([\w-]*))?#(.+)$/.exec(href) ?? [];
      return hash && !pages.get(href.startsWith('#') ? from : (page ?? ''))?.content.includes(`id="${hash}"`);
    });
    expect(missing).toEqual([]);
  });

  it('has neither code nor style of its own', () => {
    for (const { content } of pages.values()) expect(content).not.toMatch(/<script|<style| style=| on\w+="/);
  });
});
