import { copyNames, copyReport, save } from './commands.ts';
import type { Theme } from './preferences.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { MenuLine } from './ui/menu-line.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The menu beside the save button. */
export function moreLines(workspace: Workspace, session: Session): MenuLine[] {
  const { showHidden } = workspace.preferences;
  return [
    { label: 'Save as a ZIP, not compressed', keys: 'Ctrl E', act: () => save(workspace, session, 'zip', 'stored') },
    { label: 'Save as a ZIP, compressed', act: () => save(workspace, session, 'zip', 'deflate') },
    { label: 'Save as a TAR', act: () => save(workspace, session, 'tar') },
    { label: 'Saves…', act: () => (workspace.sheet = 'jobs') },
    'line',
    { label: 'Show hidden files', kind: 'check', checked: showHidden, act: () => void session.showHidden(!showHidden) },
    { label: 'Copy names', keys: 'Ctrl C', act: () => copyNames(workspace, session, false) },
    { label: 'Copy paths', keys: 'Ctrl Shift C', act: () => copyNames(workspace, session, true) },
    'line',
    { label: 'What was found…', act: () => (workspace.sheet = 'findings') },
    { label: 'Copy report', act: () => copyReport(workspace, session) },
    {
      label: 'Show details',
      kind: 'check',
      checked: workspace.details,
      keys: 'Ctrl I',
      act: () => (workspace.details = !workspace.details),
    },
  ];
}

/** The menu of the phone's bar: that of the image, and the page's own. */
export function phoneLines(workspace: Workspace, session: Session | null): MenuLine[] {
  const themes: readonly (readonly [Theme, string])[] = [
    ['system', 'Theme as the system'],
    ['light', 'Light theme'],
    ['dark', 'Dark theme'],
  ];
  const themeLines = themes.map(([theme, label]) => ({
    label,
    kind: 'radio' as const,
    checked: workspace.preferences.theme === theme,
    act: () => workspace.preferences.setTheme(theme),
  }));
  return [...(session?.state === 'open' ? [...moreLines(workspace, session), 'line' as const] : []), ...themeLines];
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
