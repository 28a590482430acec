/** Paths that a list shows; more are only counted. */
export const MAX_LISTED = 1000;
/** A list of so few is unfolded at once. */
export const FEW = 12;
