import { describe, expect, it } from '@jest/globals';
import { addDays, countDays, dayIn, lastDueDay, monthsBefore, nextHour } from './calendar-day.js';

describe('a calendar day', () => {
  it.each([
    ['Asia/Tokyo', '2026-11-20T15:00:00Z', '2026-11-21'],
    ['Asia/Tokyo', '2026-11-20T14:59:59Z', '2026-11-20'],
    ['America/New_York', '2026-11-21T04:59:59Z', '2026-11-20'],
    ['Asia/Kolkata', '2026-11-20T18:30:00Z', '2026-11-21'],
    ['Nowhere/Heard_Of', '2026-11-20T23:59:59Z', '2026-11-20'],
  ])('in %s at %s is %s', (timeZone, instant, day) => {
    expect(dayIn(timeZone, new Date(instant))).toBe(day);
  });

  it('follows another across months, years and clock changes', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(countDays('2026-03-01', '2026-03-31')).toBe(31);
    expect(countDays('2026-03-02', '2026-03-01')).toBe(0);
  });

  it.each([
    ['2026-11-20', 25, '2024-10-20'],
    ['2026-03-31', 1, '2026-02-28'],
    ['2026-01-15', 1, '2025-12-15'],
  ])('%s, %i months before, is %s', (day, months, earlier) => {
    expect(monthsBefore(day, months)).toBe(earlier);
  });

  it('is due from NIGHT_HOUR of the next day on', () => {
    expect(lastDueDay('UTC', new Date('2026-11-20T03:59:00Z'))).toBe('2026-11-18');
    expect(lastDueDay('UTC', new Date('2026-11-20T04:00:00Z'))).toBe('2026-11-19');
  });
});

describe('the next time clocks show an hour', () => {
  it.each([
    ['Asia/Tokyo', '2026-11-20T12:10:00Z', '2026-11-20T19:00:00.000Z'],
    ['America/New_York', '2026-11-20T12:10:00Z', '2026-11-21T09:00:00.000Z'],
    ['UTC', '2026-11-20T04:00:00Z', '2026-11-21T04:00:00.000Z'],
    ['UTC', '2026-11-20T03:59:59Z', '2026-11-20T04:00:00.000Z'],
  ])('in %s after %s is %s', (timeZone, after, next) => {
    expect(nextHour(timeZone, 4, new Date(after)).toISOString()).toBe(next);
  });

  it('comes within a day and an hour, always later', () => {
    for (const timeZone of ['Europe/Berlin', 'Asia/Kolkata', 'America/Los_Angeles', 'Pacific/Chatham']) {
      for (let hour = 0; hour < 24 * 365; hour += 7) {
        const after = new Date(Date.parse('2026-01-01T00:20:00Z') + hour * 3_600_000);
        const ahead = nextHour(timeZone, 4, after).getTime() - after.getTime();
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThanOrEqual(25 * 3_600_000);
      }
    }
  });
});
