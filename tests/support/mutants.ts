import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import type { Modules } from './process';

/** One repair taken out: this text of this file becomes that text. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

const ROOT = path.resolve(__dirname, '../..');
const SOURCE = path.join(ROOT, 'server/src');

/**
 * The stores with some of their lines changed, to show that a test notices. Compiled into a folder of its own.
 * @throws when a text is not there any more: the edit must follow the source
 */
export function loadMutant(edits: readonly Edit[]): Modules & { dispose(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'mutant-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const left = new Set(edits);
  for (const part of ['core', 'stores']) {
    for (const name of readdirSync(path.join(SOURCE, part), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      let text = readFileSync(path.join(SOURCE, part, name), 'utf8');
      for (const edit of edits) {
        if (edit.file !== `${part}/${name}` || !text.includes(edit.find)) continue;
        text = text.replace(edit.find, () => edit.put);
        left.delete(edit);
      }
      const target = path.join(folder, part, name.replace(/\.ts$/, '.js'));
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, compile(text));
    }
  }
  if (left.size > 0) throw new Error(`not in the source: ${[...left].map((it) => it.find).join(' | ')}`);
  const load = createRequire(path.join(folder, 'index.js'));
  const { createRemoteStore } = load('./stores/create-remote-store.js') as Modules;
  const { UpstashDriver } = load('./stores/upstash-driver.js') as Modules;
  return { createRemoteStore, UpstashDriver, dispose: () => rmSync(folder, { recursive: true }) };
}

const compiled = new Map<string, string>();

function compile(text: string): string {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  const output = ts.transpileModule(text, { compilerOptions }).outputText;
  compiled.set(text, output);
  return output;
}
