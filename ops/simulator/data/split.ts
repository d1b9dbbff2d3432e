const shares = new WeakMap<readonly number[], number[]>();

// The part of the whole that is reached with each weight.
function sharesOf(weights: readonly number[]): number[] {
  const known = shares.get(weights);
  if (known) return known;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let reached = 0;
  const made = weights.map((weight) => {
    reached += weight;
    return reached / sum;
  });
  shares.set(weights, made);
  return made;
}

/**
 * Returns where the parts of a whole number begin and end: n + 1 marks from 0 to `total` for n weights. The phase,
 * from 0 to 1, decides who gets the remainder.
 */
export function marksOf(total: number, weights: readonly number[], phase: number): number[] {
  const marks = sharesOf(weights).map((share) => Math.floor(total * share + phase));
  marks.unshift(0);
  marks[weights.length] = total;
  return marks;
}
