/** A candidate's place: what it is a part of, and where in it. */
export interface Placed {
  space: string;
  group: string | null;
  position: number;
}

export interface GroupTuning {
  /** What a neighbour adds, of its own score; half of it two places away, and so on. */
  neighbour: number;
  /** How many places away a neighbour still counts. */
  reach: number;
  /** What the group's best parts add, of their mean score. */
  group: number;
  /** How many of its best parts speak for a group. */
  best: number;
  /** How much of all this holds for pieces of documents, where a long document would push away short ones. */
  documents: number;
}

export const GROUP_TUNING: GroupTuning = { neighbour: 0.3, reach: 2, group: 0.4, best: 3, documents: 0.1 };

/** The parts of a group support each other: an answer stands beside its question, and a session in which much fits is more likely the one that is meant. */
export function supported(items: readonly Placed[], scores: readonly number[], tuning: GroupTuning = GROUP_TUNING): number[] {
  const groups = new Map<string, Map<number, number>>();
  for (const [index, { space, group, position }] of items.entries()) {
    if (group === null) continue;
    const key = `${space}\n${group}`;
    const places = groups.get(key) ?? new Map<number, number>();
    places.set(position, Math.max(places.get(position) ?? 0, scores[index] ?? 0));
    groups.set(key, places);
  }
  const strength = new Map<string, number>();
  for (const [key, places] of groups) {
    const best = [...places.values()].toSorted((a, b) => b - a).slice(0, tuning.best);
    strength.set(key, best.reduce((sum, score) => sum + score, 0) / tuning.best);
  }
  return items.map(({ space, group, position }, index) => {
    let score = scores[index] ?? 0;
    const share = space === "knowledge" ? tuning.documents : 1;
    if (group === null || share === 0) return score;
    const key = `${space}\n${group}`;
    const places = groups.get(key);
    for (let distance = 1; distance <= tuning.reach; distance++) {
      const factor = (share * tuning.neighbour) / 2 ** (distance - 1);
      score += factor * ((places?.get(position - distance) ?? 0) + (places?.get(position + distance) ?? 0));
    }
    return score + share * tuning.group * (strength.get(key) ?? 0);
  });
}
