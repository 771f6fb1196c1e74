/** How much a key was used lately: what it was used for longer ago counts half with every step. */
export class Popularity {
  private readonly scores = new Map<string, number>();

  /** @param most keys that are remembered */
  constructor(private readonly most: number) {}

  /** The key was used so often since it was noted last. */
  note(key: string, uses: number): void {
    const score = (this.scores.get(key) ?? 0) / 2 + uses;
    this.scores.delete(key);
    if (score > 0) this.scores.set(key, score);
    if (this.scores.size > this.most * 2) this.trim();
  }

  /** Most used first, with their scores. */
  sorted(): [key: string, score: number][] {
    return [...this.scores].sort((a, b) => b[1] - a[1]);
  }

  /** Of some keys the most used, most used first. */
  topOf(keys: Iterable<string>, count: number): string[] {
    const known = [...new Set(keys)].map((key) => [key, this.scores.get(key) ?? 0] as const);
    return known
      .filter(([, score]) => score > 0)
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([key]) => key);
  }

  private trim(): void {
    for (const [key] of this.sorted().slice(this.most)) this.scores.delete(key);
  }
}
