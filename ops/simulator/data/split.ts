/**
 * Returns where the parts of a whole number begin and end: n + 1 marks from 0 to `total` for n weights. The phase,
 * from 0 to 1, decides who gets the remainder.
 */
export function marksOf(total: number, weights: readonly number[], phase: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const marks = [0];
  let reached = 0;
  for (const weight of weights) {
    reached += weight;
    marks.push(reached === sum ? total : Math.floor((total * reached) / sum + phase));
  }
  return marks;
}
