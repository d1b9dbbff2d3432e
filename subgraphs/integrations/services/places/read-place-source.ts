import { type DayRange, dayIn, firstOf, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { MalformedAnswer } from '#integrations/errors.js';
import type { PlaceSourceModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import {
  describeUnreadable,
  type LocationDay,
  type LocationDays,
  type LocationRow,
  type UnreadableRow,
} from '#integrations/providers/products.js';
import type { Answer } from '#integrations/services/ask/question.js';
import { completeSource, missingSource, type Reason } from '#integrations/services/figures/completeness.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import type { Side } from '#integrations/services/figures/metric-sql.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { AppError } from '#runtime/errors.js';
import { type CopiedPlaces, findCopiedPlaces } from './find-copied-places.js';

/** As the schema says. */
const MAX_MISSING = 100;

/** Figures of a place on one day that were not copied. */
export interface AskedPlaceDay extends LocationDay {
  accountId: string;
  placeId: string;
}

/** The places of an account in question, with what is not taken from the copy. */
export interface PlaceSource {
  account: Account;
  /** By id, also those that are no longer listed. */
  places: Map<string, LocationRow>;
  /** Those whose figures are all there. */
  complete: string[];
  /** Days that are asked of all places. */
  gaps: DayRange[];
  /** Places that are asked for all days. */
  askedPlaces: string[];
  asked: AskedPlaceDay[];
  /** Whether any day of the range, and of the days it is compared with, is reported. */
  isReported: Record<Side, boolean>;
  completeness: PlaceSourceModel;
}

export interface PlaceSourceQuestion extends FigureDays {
  account: Account;
  /** Whether a place is in question. */
  isWanted(place: LocationRow): boolean;
}

interface Failure {
  place: LocationRow;
  error: AppError;
}

type FoundDays = Answer<LocationDays>;

/** Anything else is a defect of ours. */
function knownError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

function unreadableError({ providerId }: Account, row: UnreadableRow): AppError {
  return new MalformedAnswer(describeProviderById(providerId).name, describeUnreadable(row));
}

interface ReadPlace {
  place: LocationRow;
  found: FoundDays[];
  failures: Failure[];
}

/** The questions about a place are one call. */
async function readPlace(
  context: Context,
  account: Account,
  place: LocationRow,
  ranges: DayRange[],
): Promise<ReadPlace> {
  try {
    const load = (range: DayRange) =>
      context.loadAnswer({ product: 'locationDays', account, locationId: place.externalId, range });
    const answers = await Promise.all(ranges.map(load));
    const found = answers.flatMap((answer) => answer ?? []);
    const [row] = found.flatMap((answer) => answer.found.unreadable);
    return { place, found, failures: row ? [{ place, error: unreadableError(account, row) }] : [] };
  } catch (error) {
    return { place, found: [], failures: [{ place, error: knownError(error) }] };
  }
}

function daysOf(account: Account, place: LocationRow, found: FoundDays[]): AskedPlaceDay[] {
  const rows = found.flatMap((answer) => answer.found.rows);
  // The two ranges may have days in common.
  const days = new Map(rows.map((row) => [row.day, row]));
  return [...days.values()].map((row) => ({ ...row, accountId: account.id, placeId: place.externalId }));
}

/** Google reports the days of all places alike: a place without figures says nothing of how far. */
function reportedThroughOf(found: FoundDays[], part: CopiedPlaces | null, { start, end }: DayRange): string | null {
  const asked = found.flatMap((answer) => answer.found.reportedThrough ?? []);
  const [first, ...others] = [...asked, part?.reportedThrough ?? ''].filter((day) => day >= start);
  return first ? firstOf(end, lastOf(first, ...others)) : null;
}

function describeFailures(failures: Failure[], count: number): Reason {
  const [first] = failures as [Failure];
  const { code, message, retryAfter = null } = first.error;
  const which = failures.length === 1 ? first.place.name : `${failures.length} of ${count} places`;
  return { code, message: `${which}: ${message}`, retryAfter };
}

/** Returns the part of a range that may be reported. */
function untilToday(context: Context, account: Account, { start, end }: DayRange): DayRange | null {
  const last = firstOf(end, dayIn(account.timeZone, context.services.now()));
  return last < start ? null : { start, end: last };
}

interface Part {
  range: DayRange;
  copied: CopiedPlaces | null;
}

async function findParts(
  context: Context,
  { account, range, compared }: PlaceSourceQuestion,
): Promise<Record<Side, Part | null>> {
  const find = async (given: DayRange | null): Promise<Part | null> => {
    const asked = given && untilToday(context, account, given);
    return asked && { range: asked, copied: await findCopiedPlaces(context, { account, range: asked }) };
  };
  const [current, previous] = await Promise.all([find(range), find(compared)]);
  return { current, previous };
}

/** Returns the places as listed now, else as last listed. Throws where neither is known. */
async function listPlaces(context: Context, account: Account, known: Map<string, LocationRow>): Promise<LocationRow[]> {
  try {
    const answer = await context.loadAnswer({ product: 'locations', account });
    return answer?.found.rows ?? [];
  } catch (error) {
    if (known.size === 0) throw knownError(error);
    return [...known.values()];
  }
}

async function readSource(context: Context, question: PlaceSourceQuestion): Promise<PlaceSource> {
  const { account, range, compared, isWanted } = question;
  const found = await findParts(context, question);
  const parts = [found.current, found.previous].filter((part) => part !== null);
  const known = parts.find(({ copied }) => copied)?.copied?.known ?? new Map<string, LocationRow>();
  const listed = (await listPlaces(context, account, known)).filter(isWanted);
  const all = new Map([...known].filter(([, place]) => isWanted(place)));
  for (const place of listed) all.set(place.externalId, place);
  const gaps = parts.flatMap(({ range: own, copied }) => (copied ? (copied.gap ?? []) : own));
  const incomplete = new Set(parts.flatMap(({ copied }) => [...(copied?.incomplete ?? [])]));
  const isIncomplete = ({ externalId }: LocationRow) => !known.has(externalId) || incomplete.has(externalId);
  const whole = parts.map((part) => part.range);
  const read = await Promise.all(
    listed.map((place) => readPlace(context, account, place, isIncomplete(place) ? whole : gaps)),
  );
  const answers = read.flatMap((one) => one.found);
  const failures = read.flatMap((one) => one.failures);
  const failed = new Set(failures.map(({ place }) => place.externalId));
  const history = context.providers.find(account.providerId)?.history;
  const reportedThrough = reportedThroughOf(answers, found.current?.copied ?? null, range);
  const complete = await completeSource(context, account, range, {
    found: answers,
    copiedAt: parts.map(({ copied }) => copied?.fetchedAt ?? null),
    restatedDays: history ? restatedDaysOf(account, history) : null,
  });
  return {
    account,
    places: all,
    complete: listed.map(({ externalId }) => externalId).filter((id) => !failed.has(id)),
    gaps,
    askedPlaces: listed.filter(isIncomplete).map(({ externalId }) => externalId),
    asked: read.flatMap((one) => daysOf(account, one.place, one.found)),
    isReported: {
      current: reportedThrough !== null,
      previous: compared !== null && reportedThroughOf(answers, found.previous?.copied ?? null, compared) !== null,
    },
    completeness: {
      ...complete,
      reportedThrough,
      ...(failures.length > 0 && { state: 'MISSING' as const, ...describeFailures(failures, listed.length) }),
      missingPlaces: failures
        .slice(0, MAX_MISSING)
        .map(({ place, error: { code, message } }) => ({ place: { ...place, account }, code, message })),
    } as PlaceSourceModel,
  };
}

/**
 * Returns what is not copied of the figures of an account's places, from the provider, and how complete they are. What
 * cannot be read is missing, and said to be, place by place.
 */
export async function readPlaceSource(context: Context, question: PlaceSourceQuestion): Promise<PlaceSource> {
  const { account, range } = question;
  const missing = (reason: Reason): PlaceSource => ({
    account,
    places: new Map(),
    complete: [],
    gaps: [],
    askedPlaces: [],
    asked: [],
    isReported: { current: false, previous: false },
    completeness: { ...missingSource(account, { range, gaps: [range] }, reason), missingPlaces: [] },
  });
  const closed = account.isActive ? null : faultOfAccount(account);
  if (closed) return missing(closed);
  try {
    return await context.pendingAnswers.add(account.connectionId, readSource(context, question));
  } catch (error) {
    return missing(knownError(error));
  }
}
