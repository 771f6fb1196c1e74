#!/usr/bin/env node
// Installs, builds, seeds and starts the playground. Works in a fresh clone: it needs Node and npm, nothing else.
import { parseArguments, usage } from './lib/arguments.mjs';
import { createEnvFile, readSettings } from './lib/env-file.mjs';
import { printGuide } from './lib/guide.mjs';
import { checkNode, install } from './lib/install.mjs';
import { buildAdmin, buildPlugin, compileSite } from './lib/build.mjs';
import { stopAll } from './lib/processes.mjs';
import { resetSite } from './lib/reset.mjs';
import { seedSite } from './lib/seed.mjs';
import { checkPort, startSite } from './lib/server.mjs';
import { Failure, line } from './lib/steps.mjs';

const main = async () => {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    line(usage);
    return 0;
  }

  checkNode();
  const settings = readSettings(options);
  if (!options.buildOnly) await checkPort(settings.port);

  await install();
  createEnvFile();
  await buildPlugin();
  await compileSite();
  await buildAdmin();
  if (options.reset) await resetSite(settings.database);
  if (options.buildOnly) return 0;

  await seedSite(settings.database);
  const site = await startSite(settings.port);
  await printGuide(site.url);
  site.showLog();
  return site.ended;
};

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    line('\nStopping...');
    await stopAll();
    process.exit(signal === 'SIGINT' ? 130 : 0);
  });
}

try {
  const code = await main();
  if (!stopping) process.exitCode = code;
} catch (error) {
  if (!stopping) {
    await stopAll();
    line(error instanceof Failure ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}
