import type { FolderSurvey } from '../protocol/save.ts';
import { BREATH, breathe } from './archive.ts';
import { ResumeJournal } from './folder-resume.ts';
import type { TargetDirectory } from './folder-target.ts';
import { nameOf, parentOf } from './member.ts';
import type { ExtractionPlan } from './plan.ts';

/**
 * Look which of a plan's files a folder has already, so that what to do about them can be asked before anything is
 * written. Only directories that both have are listed: an empty folder costs one look.
 */
export async function surveyFolder(plan: ExtractionPlan, target: TargetDirectory, signal?: AbortSignal): Promise<FolderSurvey> {
  const directories = new Map<string, Promise<TargetDirectory | null>>([['', Promise.resolve(target)]]);
  const directory = (path: string): Promise<TargetDirectory | null> => {
    let found = directories.get(path);
    if (!found) {
      found = directory(parentOf(path)).then(async (parent) => (await parent?.inside(nameOf(path))) ?? null);
      directories.set(path, found);
    }
    return found;
  };
  let existing = 0;
  let looked = 0;
  for (const { kind, path } of plan.members()) {
    if (kind !== 'file') continue;
    if (++looked % BREATH === 0) await breathe(signal);
    const parent = await directory(parentOf(path));
    if ((await parent?.find(nameOf(path))) === 'file') existing++;
  }
  return { existing, resumes: existing > 0 ? await ResumeJournal.interrupted(target, plan, signal) : null };
}
