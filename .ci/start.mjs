// npm start: installs, builds, serves the built page on localhost and opens it where there is a desktop.
import { requireNode } from './node-version.mjs';

requireNode();
import('./start-page.mjs').then(function (start) {
  return start.main(process.argv.slice(2));
});
