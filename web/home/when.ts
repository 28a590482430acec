const DAY = 86_400_000;

/** "today", "yesterday", "3 days ago", then the date, in the user's language and time zone. */
export function when(time: number, now = Date.now(), locale?: string): string {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.max(0, Math.ceil((midnight - time) / DAY));
  if (days < 7) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(time);
}
