/**
 * A rate limit's window for tests on the real clock. Windows begin at multiples of their length since 1970, and a test
 * that meets such a moment would find its quota whole again: of this length the next one begins in the year 2243.
 */
export const ENDLESS_WINDOW = '100000 d';
