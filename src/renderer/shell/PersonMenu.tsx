import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Chip } from '../components/Chip.tsx';
import { Popup } from '../components/Popup.tsx';
import { HandOver } from './HandOver.tsx';

/** Whose the page is, and to whom it goes next. */
export function PersonMenu({ name }: { readonly name: string }) {
  const [opened, { close, toggle }] = useDisclosure(false);
  return (
    <Popup opened={opened} onClose={close} position="bottom-end" width={280}>
      <Popover.Target>
        <Chip onClick={toggle} title="Hand this page to somebody else">
          {name}
        </Chip>
      </Popover.Target>
      <Popover.Dropdown>
        <HandOver />
      </Popover.Dropdown>
    </Popup>
  );
}
