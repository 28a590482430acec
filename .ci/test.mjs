// npm test: everything, stage by stage (stages.mjs); ends with "N passed, N failed" (", N skipped").
import { requireNode } from './node-version.mjs';

requireNode();
import('./test-run.mjs').then(function (run) {
  return run.main(process.argv.slice(2));
});
