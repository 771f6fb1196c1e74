/** Where time and chance come from. Injected, so that tests decide when a deadline passes. */
export interface Time {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards; only differences mean something. */
  monotonic(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** Calls back once after that many milliseconds. The result cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}
