const SLOTS = 16_384;

/**
 * Which keys were stored here, so that a miss of one of them can be told from a first request. A later key takes the
 * slot of an earlier one that falls on it: the answer is right nearly always, and the memory is constant.
 */
export class RememberedKeys {
  private readonly slots = new Uint32Array(SLOTS);

  get bytes(): number {
    return this.slots.byteLength;
  }

  add(key: string): void {
    const mark = markOf(key);
    this.slots[mark % SLOTS] = mark;
  }

  /** Whether a key was there; it is not any more. */
  take(key: string): boolean {
    const mark = markOf(key);
    if (this.slots[mark % SLOTS] !== mark) return false;
    this.slots[mark % SLOTS] = 0;
    return true;
  }
}

/** FNV-1a over the first characters of a key, which is a digest already. */
function markOf(key: string): number {
  let mark = 2_166_136_261;
  for (let i = 0; i < 16 && i < key.length; i++) mark = Math.imul(mark ^ key.charCodeAt(i), 16_777_619);
  return mark >>> 0 || 1;
}
