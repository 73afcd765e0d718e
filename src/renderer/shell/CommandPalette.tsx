import { useMantineColorScheme } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useState } from 'react';
import { Keycap } from '../components/Keycap.tsx';
import { type Command, useCommands } from '../state/commands.ts';
import { useProject } from '../state/project.ts';
import { navigate } from '../state/screen.ts';
import { useColourScheme } from '../theme/useColourScheme.ts';
import { screens } from './screens.tsx';
import css from './shell.module.css';
import { usePaletteFinds } from './usePaletteFinds.ts';

const NONE: readonly Command[] = [];

/** Ctrl+K: every screen, the open screen's own commands, the project's runs, codes and prompts, and a search of the pairs; without `places` the commands alone. */
export function CommandPalette({ places = true }: { readonly places?: boolean }) {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useColourScheme();
  const project = useProject();
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  // What the desk offers changes with every verdict: a palette that is closed need not be drawn for it.
  const commands = useCommands((state) => (isOpen ? state.commands : NONE));
  const finds = usePaletteFinds(query.trim(), isOpen && places && project !== null);
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Spotlight
      attributes={{ content: { 'aria-label': 'Commands' } }}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      maxHeight="60vh"
      centered={false}
      yOffset="12vh"
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      nothingFound="No command of that name"
      classNames={{ action: css.paletteAction ?? '', search: css.paletteSearch ?? '' }}
      scrollable
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.6} />,
        placeholder: 'Search or run a command',
        'aria-label': 'Search or run a command',
      }}
      actions={[
        {
          group: 'This screen',
          actions: commands.map(({ id, label, keyName, run }) => ({
            id,
            label,
            onClick: run,
            ...(keyName === undefined ? {} : { rightSection: <Keycap>{keyName}</Keycap> }),
          })),
        },
        { group: 'Runs', actions: [...finds.runs] },
        { group: 'Codes', actions: [...finds.codes] },
        {
          group: 'Pairs',
          actions:
            places && project && query.trim() !== ''
              ? [
                  {
                    id: 'search-pairs',
                    label: `Search pairs for “${query.trim()}”`,
                    leftSection: <IconSearch size={18} stroke={1.6} />,
                    onClick: () => navigate('library', { text: query.trim() }),
                  },
                ]
              : [],
        },
        { group: 'Prompts', actions: [...finds.prompts] },
        {
          group: 'Go to',
          actions: screens
            .filter(({ needsProject }) => places && (project || !needsProject))
            .map(({ name, label, letter, icon: Icon }) => ({
              id: `go-${name}`,
              label,
              rightSection: <Keycap>g {letter}</Keycap>,
              leftSection: <Icon size={18} stroke={1.6} />,
              onClick: () => navigate(name),
            })),
        },
        {
          group: 'Look',
          actions: [
            {
              id: 'scheme',
              label: `Use ${other} colours`,
              leftSection:
                other === 'dark' ? <IconMoon size={18} stroke={1.6} /> : <IconSun size={18} stroke={1.6} />,
              onClick: () => setColorScheme(other),
            },
          ],
        },
      ].filter((group) => group.actions.length > 0)}
    />
  );
}
