/**
 * What a first listing of most discs does not need is loaded when used, so that the page stays small:
 * UDF, raw media and their sheets, and the naming of what is no disc.
 */
export const loadUdf = async () => (await import('../formats/udf/index.ts')).udf;
export const loadOptical = () => import('../formats/optical/index.ts');
export const loadTracks = () => import('../formats/optical/tracks-volume.ts');
export const loadRecognise = async () => (await import('./recognise.ts')).recognise;
export const loadPartitions = () => import('../formats/partition/index.ts');
export const loadNested = () => import('./nested.ts');
export const loadMap = async () => (await import('./map/index.ts')).discMap;
export const loadBoot = async () => (await import('./boot/index.ts')).bootReport;
export const loadWhole = async () => (await import('./whole/index.ts')).wholeReport;
export const loadIdentity = async () => (await import('./identity/index.ts')).identify;
export const loadSelfCheck = async () => (await import('./whole/self/index.ts')).checkItself;

/** Load all that opening an image may need: for a worker that has nothing to do yet. */
export async function loadAhead(): Promise<void> {
  await Promise.all([
    loadUdf(),
    loadOptical(),
    loadTracks(),
    loadRecognise(),
    loadPartitions(),
    loadNested(),
    loadBoot(),
    loadWhole(),
    loadIdentity(),
    loadMap(),
    import('./compare.ts'),
  ]);
}
