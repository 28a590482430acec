import type { ViewId } from '../worker/protocol/entry.ts';
import type { ImageOverview, NestedImage, ViewSummary } from '../worker/protocol/inspector.ts';

/** All trees of an image: those of the disc, and those of images inside that were opened in place. */
export function treesOf(overview: ImageOverview | null): ViewSummary[] {
  const nested = overview?.nested ?? [];
  return [
    ...(overview?.views ?? []),
    ...nested.map(({ path, summary }) => ({ ...summary, title: `${summary.title} in ${path.slice(path.lastIndexOf('/') + 1)}` })),
  ];
}

/** Those that one may choose: boot images are told where there are some. */
export function choosable(overview: ImageOverview | null): ViewSummary[] {
  return treesOf(overview).filter((view) => view.id !== 'boot' || view.files > 0);
}

/** The image inside whose tree this is; undefined for a tree of the disc. */
export function insideOf(overview: ImageOverview | null, view: ViewId | null): NestedImage | undefined {
  return overview?.nested.find(({ id }) => id === view);
}
