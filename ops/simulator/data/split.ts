const shares = new WeakMap<readonly number[], number[]>();

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

/** Splits `total` by n weights into n + 1 boundaries from 0. The phase, 0 to 1, decides where remainders go. */
export function boundariesOf(total: number, weights: readonly number[], phase: number): number[] {
  const boundaries = sharesOf(weights).map((share) => Math.floor(total * share + phase));
  boundaries.unshift(0);
  boundaries[weights.length] = total;
  return boundaries;
}
