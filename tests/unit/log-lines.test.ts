import { describe, expect, it } from 'vitest';
import { isDebugged } from '../../server/src/services/log-lines';

describe('lines for the debug log', () => {
  it('are made where the logger writes them', () => {
    expect(isDebugged({ isDebugEnabled: () => true })).toBe(true);
    expect(isDebugged({ isDebugEnabled: () => false })).toBe(false);
  });

  it('are made for a logger that does not say', () => {
    expect(isDebugged({})).toBe(true);
  });
});
