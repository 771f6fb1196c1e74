import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PIECES } from '../../server/src/compatibility';
import { ROOT } from '../support/root';

it('the page about what is wrapped names every piece and what happens without it', () => {
  const page = readFileSync(path.join(ROOT, 'docs/internals/compatibility.md'), 'utf8');
  for (const { name, without } of PIECES) {
    const method = name.slice(name.lastIndexOf('.'));
    const row = page
      .split('\n')
      .find(
        (line) => line.startsWith('|') && (line.includes(`\`${name}\``) || line.includes(`\`${method}\``)),
      );
    expect(row, name).toBeDefined();
    expect(row, name).toContain(`\`${without}\``);
  }
});
