import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { house, MAY_IMPORT, refusal } from './house-rules.mjs';

const layers = Object.keys(MAY_IMPORT) as (keyof typeof MAY_IMPORT)[];
const file = (layer: string) => (['main', 'cli', 'sw'].includes(layer) ? `worker/${layer}.ts` : `worker/${layer}/a.ts`);

describe('import rules', () => {
  it.each(layers)('worker/%s imports what stands below it and nothing else', (from) => {
    for (const to of layers) {
      const may = from === to || (MAY_IMPORT[from] as string[]).includes(to);
      expect([to, refusal(file(from), file(to)) === null]).toEqual([to, may]);
    }
  });

  it('has no circle', () => {
    for (const from of layers) for (const to of MAY_IMPORT[from]) expect(MAY_IMPORT[to as typeof from]).not.toContain(from);
  });

  it.each([
    ['web/App.svelte', 'worker/protocol/entry.ts', true],
    ['web/App.svelte', 'worker/bytes/block.ts', false],
    ['web/App.svelte', 'worker/main.ts', false],
    ['web/inspector.ts', 'worker/main.ts', true],
    ['worker/main.ts', 'web/inspector.ts', false],
    ['worker/formats/udf/icb.ts', 'worker/formats/iso9660/record.ts', false],
    ['worker/formats/udf/icb.ts', 'worker/formats/udf/tag.ts', true],
    ['worker/formats/udf/icb.ts', 'worker/formats/volume.ts', true],
    ['worker/formats/volume.ts', 'worker/formats/udf/icb.ts', false],
    ['worker/newcomer/a.ts', 'worker/bytes/block.ts', false],
    ['e2e/a.spec.ts', 'worker/bytes/block.ts', false],
    ['fixtures/a.ts', 'worker/bytes/block.ts', true],
    ['bench/a.ts', 'web/inspector.ts', false],
  ])('%s -> %s: %s', (from, to, may) => {
    expect(refusal(from, to) === null).toBe(may);
  });

  it.each([
    "import { a } from '../jobs/a.ts';",
    "export * from '../jobs/a.ts';",
    "export { a } from '../jobs/a.ts';",
    "await import('../jobs/a.ts');",
  ])('lint reports %s in worker/bytes', (code) => {
    const messages = new Linter({ cwd: '/repo' }).verify(
      code,
      [{ files: ['**/*.ts'], plugins: { house: house as never }, rules: { 'house/imports': 'error', 'house/folders': 'error' } }],
      '/repo/worker/bytes/a.ts',
    );
    expect(messages.map((message) => message.message)).toEqual(['worker/bytes may not import worker/jobs.']);
  });

  it('lint reports a folder name that hides a missing idea', () => {
    const config = [{ files: ['**/*.ts'], plugins: { house: house as never }, rules: { 'house/folders': 'error' as const } }];
    expect(new Linter({ cwd: '/repo' }).verify('', config, '/repo/worker/utils/a.ts')).toHaveLength(1);
  });
});
