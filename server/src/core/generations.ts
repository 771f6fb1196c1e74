/**
 * What was made for keys, remembered for as long as it is asked for now and then. There is no order to keep: when one
 * generation is full, what nobody has asked for since the one before it is forgotten.
 */
export class Generations<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();

  /** @param most keys of a generation; two generations are held */
  constructor(private readonly most: number) {}

  /** What was made for a key, or is made now. */
  of(key: K, make: (key: K) => V): V {
    const known = this.young.get(key);
    if (known !== undefined) return known;
    const value = this.old.get(key) ?? make(key);
    if (this.young.size >= this.most) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
    return value;
  }
}
