// The import rules and folder names of docs/architecture.md, as lint rules.
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

const BASE = ['protocol'];
const BYTES = ['bytes', ...BASE];
const LOW = ['codec', 'source', ...BYTES];
const FORMATS = ['formats', ...LOW];
const CATALOG = ['catalog', ...FORMATS];
const UPPER = ['search', 'extract', 'master', 'inspect', 'peek', ...CATALOG];

/** What each folder of worker/ may import besides itself: everything below it, nothing beside or above. */
export const MAY_IMPORT = {
  main: ['jobs', ...UPPER],
  cli: ['commands', 'jobs', ...UPPER],
  commands: ['jobs', ...UPPER],
  sw: BASE,
  jobs: UPPER,
  extract: CATALOG,
  master: CATALOG,
  inspect: CATALOG,
  search: ['extract', 'peek', ...CATALOG],
  catalog: FORMATS,
  formats: LOW,
  peek: FORMATS,
  codec: BYTES,
  source: BYTES,
  bytes: BASE,
  protocol: [],
};

/** Names that hide a missing idea. */
export const FOLDERS_REFUSED = ['src', 'lib', 'utils', 'shared', 'common', 'helpers', 'types'];

/** 'worker/formats/udf/icb.ts' -> {top: 'worker', layer: 'formats', driver: 'udf'}. */
function place(path) {
  const parts = path.split('/');
  const [top, second = '', third] = parts;
  if (top !== 'worker') return { top, layer: '', driver: '' };
  const layer = parts.length === 2 ? second.replace(/\.ts$/, '') : second;
  return { top, layer, driver: layer === 'formats' && parts.length > 3 ? third : '' };
}

/** Why `from` may not import `to` (both relative to the repository, with "/"); null where it may. */
export function refusal(from, to) {
  const a = place(from);
  const b = place(to);
  if (/\.test\.ts$/.test(from)) return null;
  if (a.top === 'web') {
    if (b.top === 'web') return null;
    if (b.top === 'worker' && b.layer === 'protocol') return null;
    if (from === 'web/inspector.ts' && to === 'worker/main.ts') return null;
    return 'web/ may import only worker/protocol';
  }
  if (a.top === 'worker') {
    if (b.top !== 'worker') return 'worker/ may import only worker/';
    if (a.layer === 'formats' && b.layer === 'formats') {
      if (b.driver && b.driver !== a.driver) return `formats/${a.driver || '*.ts'} may not import formats/${b.driver}`;
      return null;
    }
    if (a.layer === b.layer) return null;
    const allowed = MAY_IMPORT[a.layer];
    if (!allowed) return `worker/${a.layer} stands in no import rule (.ci/house-rules.mjs)`;
    return allowed.includes(b.layer) ? null : `worker/${a.layer} may not import worker/${b.layer}`;
  }
  if (b.top === 'web') return 'only web/ imports web/';
  if (a.top === 'e2e' && b.top === 'worker') return 'e2e/ sees the built page only';
  return null;
}

const posix = (path) => path.split(sep).join('/');

const imports = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{why}}.' } },
  create(context) {
    const from = posix(relative(context.cwd, context.filename));
    const check = (source) => {
      if (typeof source?.value !== 'string' || !/^\.{0,2}\//.test(source.value)) return;
      const address = source.value.replace(/\?.*$/, '');
      const target = isAbsolute(address) ? address : join(dirname(context.filename), address);
      const why = refusal(from, posix(relative(context.cwd, target)));
      if (why) context.report({ node: source, messageId: 'refused', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      NewExpression: (node) => node.callee.name === 'URL' && check(node.arguments[0]),
    };
  },
};

const folders = {
  meta: { type: 'problem', schema: [], messages: { refused: 'A folder named "{{name}}" hides a missing idea; name what it holds.' } },
  create(context) {
    const name = posix(dirname(relative(context.cwd, context.filename)))
      .split('/')
      .find((part) => FOLDERS_REFUSED.includes(part));
    return { Program: (node) => name && context.report({ node, messageId: 'refused', data: { name } }) };
  },
};

/** The plugin for eslint.config.js. */
export const house = { rules: { imports, folders } };
