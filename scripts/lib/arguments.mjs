import { Failure } from './steps.mjs';

export const usage = `Usage: npm run playground -- [options]

  --port N       listen on port N (or set PORT; default 1337)
  --reset        drop the playground's database and uploads, then seed again
  --build-only   install and build, but neither seed nor start
  --help         show this text`;

const portOf = (text) => {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Failure(`--port needs a number from 1 to 65535, not "${text ?? ''}".`);
};

export const parseArguments = (words) => {
  const options = { help: false, reset: false, buildOnly: false, port: null };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--help' || word === '-h') options.help = true;
    else if (word === '--reset') options.reset = true;
    else if (word === '--build-only') options.buildOnly = true;
    else if (word === '--port') options.port = portOf(rest.shift());
    else if (word.startsWith('--port=')) options.port = portOf(word.slice('--port='.length));
    else throw new Failure(`Unknown option "${word}".\n\n${usage}`);
  }
  return options;
};
