import { Divider, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { AnnotatorForm } from '../components/AnnotatorForm.tsx';
import { Chip } from '../components/Chip.tsx';
import { Popup } from '../components/Popup.tsx';
import { HandOver } from './HandOver.tsx';

/** Who labels: a name kept with each verdict. */
export function AnnotatorMenu() {
  const [opened, { close, toggle }] = useDisclosure(false);
  const annotators = useQuery(api.annotate.annotators.queryOptions());
  const current = annotators.data?.find((annotator) => annotator.current);
  return (
    <Popup opened={opened} onClose={close} position="bottom-end" width={280}>
      <Popover.Target>
        <Chip onClick={toggle} title="Change who labels">
          {current ? current.name : 'Choose your name'}
        </Chip>
      </Popover.Target>
      <Popover.Dropdown>
        <AnnotatorForm annotators={annotators.data ?? []} onDone={close} />
        <Divider my="sm" />
        <HandOver />
      </Popover.Dropdown>
    </Popup>
  );
}
