// The theme that was chosen last, set before the first paint (preferences.svelte.ts writes the word).
try {
  const theme = localStorage.getItem('isoscope-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is used.
}
