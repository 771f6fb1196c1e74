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

/** Texts remembered in a generation. */
const MOST = 20_000;

const itself = (text: string): string => text;

/**
 * Makes equal texts one text. Entries of one list depend on the same rows and carry the same header fields, and their
 * tags as they were put together would take as much memory as a body of 10 KB.
 */
export class SharedTexts {
  private readonly texts: Generations<string, string>;

  /** @param most texts after which those that nobody asked for since are forgotten */
  constructor(most = MOST) {
    this.texts = new Generations(most);
  }

  /** The same texts in a new list. */
  all(texts: Iterable<string>): string[] {
    const shared: string[] = [];
    for (const text of texts) shared.push(this.one(text));
    return shared;
  }

  /** The same text, as it was first seen. */
  one(text: string): string {
    return this.texts.of(text, itself);
  }
}

/** Texts are the same for everybody in the process. */
export const sharedTexts = new SharedTexts();
