import { Menu } from '@mantine/core';
import { IconDoorExit, IconFolder } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Project } from '#shared/entities.ts';
import { api } from '../api/client.ts';
import { failureOf } from '../api/failureOf.ts';
import { notifyFailure } from '../components/notify.tsx';
import { useImport } from '../features/library/importStore.ts';
import { projectOpened } from '../state/project.ts';
import { useSaveState } from '../state/saveState.ts';
import { navigate } from '../state/screen.ts';

export function ProjectMenu({ project }: { readonly project: Project }) {
  // What could not be saved is kept beside the project; what is on its way is there in a moment.
  const saving = useSaveState((state) => state.pending > 0 && state.failure === null);
  const importing = useImport((state) => state.now.stage === 'running');
  const close = useMutation(
    api.project.close.mutationOptions({
      onSuccess: async () => {
        await projectOpened(null);
        navigate('library');
      },
      onError: (error) => notifyFailure(failureOf(error)),
    }),
  );
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <button type="button" title={project.path}>
          {project.name}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className="mono">{project.path}</span>
        </Menu.Label>
        <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => navigate('settings')}>
          Project settings
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDoorExit size={16} />}
          disabled={saving || importing}
          onClick={() => close.mutate(undefined)}
        >
          {importing ? 'Close project (after the import)' : 'Close project'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
