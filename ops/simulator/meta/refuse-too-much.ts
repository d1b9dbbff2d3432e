import { z } from 'zod';
import { findDay } from '#simulator/data/calendar.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { GraphError } from './graph-error.js';
import { readJsonParameter } from './json-parameter.js';

const DEFAULT_LIMIT = 25;
const timeRange = z.object({ since: z.string(), until: z.string() });

/** Returns Meta's refusal of a request for too much data. */
export function tooMuchData(): GraphError {
  return new GraphError("Please reduce the amount of data you're asking for, then retry your request", {
    status: 500,
    code: 1,
  });
}

/** Throws when a list asks for more rows per page times days than the settings allow. */
export function refuseTooMuch({ query }: WireRequest, { settings }: World): void {
  if (settings.metaMaxRowDays === null) return;
  const range = readJsonParameter(query, 'time_range', timeRange);
  const days = range ? (findDay(range.until) ?? 0) - (findDay(range.since) ?? 0) + 1 : 1;
  if (Number(query.get('limit') ?? DEFAULT_LIMIT) * days > settings.metaMaxRowDays) throw tooMuchData();
}
