/** Keys by principal. Most URLs are asked for by one principal only, the public: it costs no map. */
export class KeyMemo {
  private principal: string | null = null;
  private key = '';
  private others: Map<string, string> | null = null;

  get(principal: string): string | undefined {
    return this.principal === principal ? this.key : this.others?.get(principal);
  }

  /** Remembers a key, unless there are too many. */
  add(principal: string, key: string): void {
    if (this.principal === null || this.principal === principal) {
      this.principal = principal;
      this.key = key;
      return;
    }
    this.others ??= new Map();
    if (this.others.size < MOST_OTHERS) this.others.set(principal, key);
  }
}

const MOST_OTHERS = 7;
