import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Chip } from '../components/Chip.tsx';
import { HandOver } from './HandOver.tsx';

/** Whose the page is, and to whom it goes next. */
export function PersonMenu({ name }: { readonly name: string }) {
  const [opened, { close, toggle }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={280} trapFocus shadow="md">
      <Popover.Target>
        <Chip onClick={toggle} title="Hand this page to somebody else">
          {name}
        </Chip>
      </Popover.Target>
      <Popover.Dropdown>
        <HandOver />
      </Popover.Dropdown>
    </Popover>
  );
}
