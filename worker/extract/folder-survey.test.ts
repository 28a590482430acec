import { describe, expect, it } from 'vitest';
import type { ExistingFiles, FolderSurvey } from '../protocol/save.ts';
import { saveToFolder } from './folder.ts';
import { surveyFolder } from './folder-survey.ts';
import { HandleDirectory } from './folder-target.ts';
import type { ExtractionPlan } from './plan.ts';
import { FakeRoot } from './testing-folder.ts';
import { testDisc } from './testing.ts';

const disc = (): Promise<ExtractionPlan> =>
  testDisc([
    { name: 'a', data: 'A' },
    {
      name: 'd',
      children: [
        { name: 'x', data: 'X' },
        { name: 'e', children: [{ name: 'deep', data: 'D' }] },
      ],
    },
    { name: 'f', data: 'F' },
    { name: 'link', target: 'a' },
  ]).plan({ format: 'folder' });

const survey = async (root: FakeRoot): Promise<FolderSurvey> => surveyFolder(await disc(), new HandleDirectory(root.handle));

describe('a look into a folder before something is saved there', () => {
  it('counts files of the plan that are there, in every directory, and makes nothing', async () => {
    const root = new FakeRoot();
    expect(await survey(root)).toEqual({ existing: 0, resumes: null });
    expect(await root.tree()).toEqual({});
    for (const path of ['a', 'link.link.txt', 'd/e/deep', 'd/other', 'z']) await root.put(path, 'mine');
    const before = await root.tree();
    expect(await survey(root)).toEqual({ existing: 3, resumes: null });
    expect(await root.tree()).toEqual(before);
  });

  it('lists only directories that both have', async () => {
    const root = new FakeRoot();
    await root.put('other/x', 'mine');
    const listed: string[] = [];
    root.fault = (step, path) => void (step === 'list' && listed.push(path));
    await survey(root);
    expect(listed).toEqual(['']);
  });

  it('counts no directory that is in the way of a file, nor a file in the way of a directory', async () => {
    const root = new FakeRoot();
    await root.put('a/inside', 'mine');
    await root.put('d', 'mine');
    expect(await survey(root)).toEqual({ existing: 0, resumes: null });
  });

  it('counts a name in another case where the file system takes both for one', async () => {
    const root = new FakeRoot();
    await root.put('A', 'mine');
    expect(await survey(root)).toMatchObject({ existing: 0 });
    root.foldsCase = true;
    expect(await survey(root)).toMatchObject({ existing: 1 });
  });

  it.each<ExistingFiles>(['skip', 'replace', 'keep-both', 'different'])(
    'finds an interrupted save of the same, and by which choice it goes on (%s)',
    async (existing) => {
      const root = new FakeRoot();
      const save = async (plan: ExtractionPlan): Promise<unknown> =>
        saveToFolder(plan, { target: new HandleDirectory(root.handle), existing, verify: false });
      root.fault = (step, path) => {
        if (step === 'close' && path === '/f') throw new DOMException('full', 'QuotaExceededError');
      };
      await expect(save(await disc())).rejects.toMatchObject({ code: 'target-full' });
      root.fault = () => undefined;
      expect(await survey(root)).toMatchObject({ resumes: existing });
      const other = await testDisc([{ name: 'a', data: 'another disc' }]).plan({ format: 'folder' });
      expect(await surveyFolder(other, new HandleDirectory(root.handle))).toEqual({ existing: 1, resumes: null });
      await save(await disc());
      expect(await survey(root)).toMatchObject({ resumes: null });
    },
  );

  it('throws where the folder is no longer there', async () => {
    const root = new FakeRoot();
    root.fault = (step) => {
      if (step === 'list') throw new DOMException('gone', 'NotFoundError');
    };
    await expect(survey(root)).rejects.toMatchObject({ code: 'target-gone' });
  });
});
