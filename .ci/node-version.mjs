// Old syntax on purpose: this must run on a Node that Vite refuses, far enough to say so.

/** Ends the process with a clear sentence where Node is not ^20.19 or >=22.12. */
export function requireNode() {
  var parts = process.versions.node.split('.').map(Number);
  var major = parts[0];
  var minor = parts[1];
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  console.error('Isoscope needs Node.js 20.19 or newer, 22.12 or newer; this is Node.js ' + process.versions.node + '.');
  console.error('Get a current one at https://nodejs.org and run the command again.');
  process.exit(1);
}
