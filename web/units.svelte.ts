/** How figures are written; the preferences set it, and what is on screen follows. */
export const units = $state({
  /** Sizes in kB, MB (1,000) instead of KiB, MiB (1,024). */
  decimal: false,
  /** Dates as 2024-02-29 instead of as the user's language has them. */
  iso: false,
});
