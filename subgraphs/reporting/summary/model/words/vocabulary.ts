/**
 * The words a model may use besides the names and figures of what it words, and the words of the sentence by rules. There are no numbers
 * among them, no metrics and nothing a name could be made of: a word that is not here may be a name, and its sentence is dropped.
 */
export interface Vocabulary {
  /** Of no consequence. */
  plain: string;
  /** Claims of a direction, of a quality, and of their contrary: each has to be what the facts say. */
  up: string;
  down: string;
  better: string;
  worse: string;
  not: string;
  /** What stands before the figure of the days before, and before that of the range. */
  from: string[];
  to: string[];
  /** What can be written together with a following word. */
  prefixes: string[];
  /** Phrases of these words that claim what was not counted. */
  refused: RegExp;
  /** What stands before or after a number and multiplies it. */
  scales: Record<string, number>;
  /** What stands for a percent sign. */
  percent: string[];
  /** Names of currencies, by what they stand for. */
  currencies: Record<string, string>;
}
