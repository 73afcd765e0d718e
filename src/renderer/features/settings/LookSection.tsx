import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Section } from './Section.tsx';

const schemes: Array<{ readonly value: MantineColorScheme; readonly label: string }> = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function LookSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Colours">
      <SegmentedControl<MantineColorScheme>
        aria-label="Colours"
        style={{ alignSelf: 'flex-start' }}
        value={colorScheme}
        onChange={setColorScheme}
        data={schemes}
      />
    </Section>
  );
}
