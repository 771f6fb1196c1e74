/** Texts remembered in a generation; two generations are held. */
const MOST = 20_000;

/**
 * Makes equal texts one text. Entries of one list depend on the same rows and carry the same header fields, and their
 * tags as they were put together would take as much memory as a body of 10 KB.
 */
export class SharedTexts {
  private young = new Map<string, string>();
  private old = new Map<string, string>();

  /** @param most texts after which those that nobody asked for since are forgotten */
  constructor(private readonly most = MOST) {}

  /** The same texts in a new list. */
  all(texts: Iterable<string>): string[] {
    const shared: string[] = [];
    for (const text of texts) shared.push(this.one(text));
    return shared;
  }

  /** The same text, as it was first seen. */
  one(text: string): string {
    const known = this.young.get(text);
    if (known !== undefined) return known;
    const first = this.old.get(text) ?? text;
    if (this.young.size >= this.most) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(first, first);
    return first;
  }
}

/** Texts are the same for everybody in the process. */
export const sharedTexts = new SharedTexts();
