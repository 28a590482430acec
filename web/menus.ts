import type { Theme } from './preferences.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { MenuLine } from './ui/menu-line.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The theme, as a choice. */
export function themeLines({ preferences }: Workspace): MenuLine[] {
  const themes: readonly (readonly [Theme, string])[] = [
    ['system', 'Theme as the system'],
    ['light', 'Light theme'],
    ['dark', 'Dark theme'],
  ];
  return themes.map(([theme, label]) => ({
    label,
    kind: 'radio' as const,
    checked: preferences.theme === theme,
    act: () => preferences.setTheme(theme),
  }));
}

/** The menu of the phone's bar: `more` of the image, and the page's own. */
export function phoneLines(workspace: Workspace, more: readonly MenuLine[]): MenuLine[] {
  const find = { label: 'Find or do anything…', act: () => (workspace.sheet = 'palette') };
  return [find, 'line', ...more, ...(more.length > 0 ? ['line' as const] : []), ...themeLines(workspace), 'line', ...pageLines(workspace)];
}

/** The page's own sheets. */
export function pageLines(workspace: Workspace): MenuLine[] {
  return [
    { label: 'Preferences…', keys: 'Ctrl ,', act: () => (workspace.sheet = 'preferences') },
    { label: 'About Isoscope…', act: () => (workspace.sheet = 'about') },
  ];
}

/** What can be done with the tab of an image. */
export function tabLines(workspace: Workspace, session: Session): MenuLine[] {
  const others = workspace.sessions.filter((other) => other !== session);
  return [
    { label: 'Show', act: () => (workspace.active = session) },
    { label: 'Copy name', act: () => void workspace.copy(session.file.name, 'Name') },
    'line',
    { label: 'Close', act: () => workspace.close(session) },
    ...(others.length > 0 ? [{ label: 'Close the others', act: () => others.forEach((other) => workspace.close(other)) }] : []),
  ];
}

/** The menu of open images on a phone. */
export function imageLines(workspace: Workspace): MenuLine[] {
  const { sessions, active } = workspace;
  const images = sessions.map((session) => ({
    label: session.file.name,
    kind: 'radio' as const,
    checked: session === active,
    act: () => (workspace.active = session),
  }));
  return [
    ...images,
    ...(images.length > 0 ? ['line' as const] : []),
    { label: 'Open an image…', act: () => void workspace.choose() },
    ...(active ? [{ label: `Close ${active.file.name}`, act: () => workspace.close(active) }] : []),
  ];
}
