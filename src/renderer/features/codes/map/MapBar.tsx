import { NativeSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { MAP_COLOURS, MAP_METHODS, type MapColour, type MapSettings } from '#shared/codeMap.ts';
import type { Tool } from '../../../charts/scatter/ScatterMap.tsx';
import { Chip } from '../../../components/Chip.tsx';
import css from '../codes.module.css';
import { COLOUR_LABELS, FEATURE_LABELS, METHOD_LABELS } from './mapWords.ts';

interface Props {
  readonly settings: MapSettings;
  readonly onSettings: (change: Partial<MapSettings>) => void;
  readonly by: MapColour;
  readonly onBy: (by: MapColour) => void;
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
  readonly contours: boolean;
  readonly onContours: (contours: boolean) => void;
}

const TOOLS = [
  { value: 'lasso', label: 'Lasso' },
  { value: 'box', label: 'Box' },
  { value: 'move', label: 'Move' },
] as const;

/** How prompts are laid out, coloured and chosen. */
export function MapBar(props: Props) {
  const { settings, onSettings, by, onBy, tool, onTool, contours, onContours } = props;
  return (
    <div className={css.head}>
      <SegmentedControl
        size="xs"
        aria-label="Laid out by"
        value={settings.method}
        data={MAP_METHODS.map((value) => ({ value, label: METHOD_LABELS[value] }))}
        onChange={(value) => onSettings({ method: MAP_METHODS.find((one) => one === value) ?? 'pca' })}
      />
      <NativeSelect
        size="xs"
        aria-label="What is laid out"
        value={settings.features}
        data={[...FEATURE_LABELS]}
        onChange={({ currentTarget }) =>
          onSettings({ features: currentTarget.value === 'state' ? 'state' : 'codes' })
        }
      />
      {settings.method !== 'pca' && (
        <NumberInput
          size="xs"
          w="6rem"
          aria-label="Seed"
          title="Seed: another one turns and bends the picture; what stays is there"
          prefix="seed "
          min={0}
          max={0x7fffffff}
          allowDecimal={false}
          value={settings.seed}
          onChange={(value) => onSettings({ seed: typeof value === 'number' ? value : 0 })}
        />
      )}
      <NativeSelect
        size="xs"
        aria-label="Coloured by"
        value={by}
        data={MAP_COLOURS.map((value) => ({ value, label: COLOUR_LABELS[value] }))}
        onChange={({ currentTarget }) =>
          onBy(MAP_COLOURS.find((one) => one === currentTarget.value) ?? 'code')
        }
      />
      <Chip
        tone={contours ? 'accent' : 'plain'}
        pressed={contours}
        title="Lines around the densest parts of what is seen"
        onClick={() => onContours(!contours)}
      >
        Contours
      </Chip>
      <SegmentedControl
        size="xs"
        aria-label="Tool"
        value={tool}
        data={[...TOOLS]}
        onChange={(value) => onTool(TOOLS.find((one) => one.value === value)?.value ?? 'lasso')}
      />
    </div>
  );
}
