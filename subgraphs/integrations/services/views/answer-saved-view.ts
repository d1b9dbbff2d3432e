import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { SavedView } from '#integrations/entities/saved-view.js';
import type { PerformanceModel } from '#integrations/models.js';
import type { Period } from '#integrations/period-days.js';
import { checkPerformance, readPerformance } from '#integrations/services/performance/read-performance.js';
import { checkPageSize, type PageArguments } from '#kit/page.js';
import { AppError, InvalidInput, NotFound } from '#runtime/errors.js';
import type { PerformanceViewQuestion } from './view-input.js';

/** The question of a saved view, which cannot be asked any more. */
class SavedViewInvalid extends AppError {
  constructor(name: string, cause: AppError) {
    super(
      `The saved view "${name}" cannot be answered any more. ${cause.message} Change it (updateSavedView).`,
      'SAVED_VIEW_INVALID',
      { cause },
    );
  }
}

export interface AnswerSavedViewInput extends PageArguments {
  view: SavedView;
  timeZone: string;
  /** Instead of the saved days. */
  period?: Period | null;
  range?: DayRange | null;
}

/** Returns the answer to a saved question as of now. Throws as `readPerformance`, and SavedViewInvalid when what it names is gone. */
export async function answerSavedView(
  context: Context,
  { view: { organizationId, name, ...view }, timeZone, period, range, ...page }: AnswerSavedViewInput,
): Promise<PerformanceModel> {
  checkPageSize(page.first);
  const question = view.question as PerformanceViewQuestion;
  const place = { organizationId, timeZone, ...page };
  try {
    await checkPerformance(context, { ...question, ...place });
  } catch (error) {
    if (error instanceof NotFound || error instanceof InvalidInput) throw new SavedViewInvalid(name, error);
    throw error;
  }
  const days = period || range ? { period, range } : {};
  return readPerformance(context, { ...question, ...days, ...place });
}
