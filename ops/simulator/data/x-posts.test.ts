import { describe, expect, it } from '@jest/globals';
import { weekdayOf } from './calendar.js';
import { figuresOfPost, hasPrivateFigures } from './x-post-figures.js';
import { findXPost, listDeletedXPosts, listXPosts } from './x-posts.js';
import { findXUserByName } from './x-users.js';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const northwind = findXUserByName('Northwind_HQ')!;
const posts = listXPosts(northwind, now);

describe('the simulated posts', () => {
  it('are some nine hundred over two years, more of them on working days', () => {
    expect(posts.length).toBeGreaterThan(850);
    expect(posts.length).toBeLessThan(950);
    const onWeekday = (day: number) =>
      posts.filter((post) => weekdayOf(Math.floor(post.createdMs / DAY_MS)) === day).length;
    expect(onWeekday(3)).toBeGreaterThan(2 * onWeekday(0));
  });

  it('have ids that rise with time, some of them too close for a JavaScript number', () => {
    const ids = posts.map((post) => BigInt(post.id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? 1 : -1)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map(Number)).size).toBeLessThan(ids.length);
    for (const [n, id] of ids.entries()) expect(Number((id >> 22n) + 1_288_834_974_657n)).toBe(posts[n]!.createdMs);
  });

  it('stay the same later, with newer ones before them', () => {
    const later = listXPosts(northwind, now + 30 * DAY_MS);
    expect(later.slice(-posts.length)).toEqual(posts);
    expect(later.length).toBeGreaterThan(posts.length);
    expect(listXPosts(northwind, now)).toEqual(posts);
  });

  it('include links, reposts, replies, deleted ones and some without impressions', () => {
    expect(posts.some((post) => post.link && post.text.includes(post.link.url))).toBe(true);
    expect(new Set(posts.map((post) => post.kind))).toEqual(new Set(['post', 'reply', 'repost']));
    expect(posts.filter((post) => post.kind === 'post' && post.reach === 0).length).toBeGreaterThan(10);
    const deleted = listDeletedXPosts(northwind, now);
    expect(deleted.length).toBeGreaterThan(5);
    for (const id of deleted) expect(findXPost(id, now)).toBeUndefined();
  });

  it('cannot be found before they are written', () => {
    const [latest] = posts;
    expect(findXPost(latest!.id, now)).toBe(latest);
    expect(findXPost(latest!.id, latest!.createdMs - 1)).toBeUndefined();
  });
});

describe('the figures of a simulated post', () => {
  it('grow with its age and never contradict themselves', () => {
    for (const post of posts.slice(0, 200)) {
      let before = figuresOfPost(post, post.createdMs);
      for (const hours of [1, 6, 24, 100, 1_000]) {
        const figures = figuresOfPost(post, post.createdMs + hours * 3_600_000);
        for (const name of Object.keys(figures) as (keyof typeof figures)[])
          expect(figures[name]).toBeGreaterThanOrEqual(before[name]);
        if (post.kind !== 'repost') expect(figures.engagements).toBeLessThanOrEqual(figures.impressions);
        before = figures;
      }
    }
  });

  it('are private for thirty days only', () => {
    const post = posts.find((one) => one.kind === 'post')!;
    expect(hasPrivateFigures(post, post.createdMs + 30 * DAY_MS)).toBe(true);
    expect(hasPrivateFigures(post, post.createdMs + 30 * DAY_MS + 1)).toBe(false);
  });
});
