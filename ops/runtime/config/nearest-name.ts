const MOST_EDITS = 2;

/** Returns the Damerau-Levenshtein distance (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const replaced = (above[column - 1] ?? 0) + (isSame ? 0 : 1);
      let edits = Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      if (!isSame && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        edits = Math.min(edits, (before[column - 2] ?? 0) + 1);
      }
      current.push(edits);
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
}

/** Returns the known name that `name` is probably a typo of; undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  // With more than a third of its letters changed it is another name, not a typo.
  const most = Math.min(MOST_EDITS, Math.floor(name.length / 3));
  let nearest: { name: string; edits: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > most) continue;
    const edits = editsBetween(name, candidate);
    if (edits <= most && edits < (nearest?.edits ?? most + 1)) nearest = { name: candidate, edits };
  }
  return nearest?.name;
}
