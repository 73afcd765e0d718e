import { type BrowserWindow, dialog } from 'electron';
import type { Services } from '../services/createServices.ts';

/** Places that the workbench itself knows: its projects, what it fetched and where that goes. */
export function knownPaths({ project, hub }: Services): string[] {
  const open = project.current()?.path;
  return [
    ...project.recent().map(({ path }) => path),
    ...(open === undefined ? [] : [open]),
    ...hub.downloads().map(({ folder }) => folder),
    hub.settings().folder,
  ];
}

/** The system's own question: a page can neither draw it nor answer it. */
export async function askForPath(window: BrowserWindow, path: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Facet',
    message: 'Use this place on your disk?',
    detail: `${path}\n\nIt was not chosen in a dialog of the system. Facet asks once, so that nothing on a page can name a place by itself.`,
    buttons: ['Use it', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
