import type { QuestionedPlatform } from '#ops/bench/answers/performance-question.js';

/** What is asked, over data of one size. */
export interface Prepared {
  ask(): Promise<unknown>;
  /** How much is answered; the size itself where it is left out. */
  answered?: number;
}

/** A cost that is measured at three sizes. */
export interface Subject {
  name: string;
  /** What the sizes count. */
  of: string;
  sizes: [number, number, number];
  /** Whether the answer grows with the size, and with it the cost; else the cost must stay. */
  growsWith: 'answer' | 'nothing';
  /** Each repetition needs data of its own: it is asked few times. */
  isOnce?: boolean;
  /** Adds what is missing of this size. */
  prepare(platform: QuestionedPlatform, size: number): Promise<Prepared>;
}
