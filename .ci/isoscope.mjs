// npm run -s isoscope -- COMMAND: the command line, installed and built first where that is missing.
import { requireNode } from './node-version.mjs';

requireNode();
import('./build.mjs').then(function (build) {
  return build.runCli(process.argv.slice(2));
});
