import { Button, MultiSelect, Select } from '@mantine/core';
import { useState } from 'react';
import type { ImportPart, ImportPreview, ImportRules } from '#shared/importEntities.ts';
import { Chip } from '../../components/Chip.tsx';
import { type ChosenFile, readAgain } from './importStore.ts';
import css from './library.module.css';
import {
  AUTO,
  CHOSEN_PARTS,
  choiceOf,
  choicesOf,
  fieldOf,
  mapWith,
  PART_WORDS,
  recognised,
} from './mapping.ts';
import { ReadingRules } from './ReadingRules.tsx';

interface Props {
  readonly index: number;
  readonly file: ChosenFile;
  readonly preview: ImportPreview;
}

/** Which field is read as what, with another choice for each; the file is read again at once. */
export function FieldMapping({ index, file, preview }: Props) {
  const { counts, readings, metadataFields, map, isMapRemembered, listedAs } = preview;
  const [isOpen, setOpen] = useState(map !== null || counts.refused * 2 > counts.rows);
  const rules: ImportRules = {
    ...file.rules,
    map: file.rules.map ?? map ?? {},
    verdicts: file.rules.verdicts ?? preview.verdicts,
  };
  const change = (changes: Partial<ImportRules>) => readAgain(index, { ...rules, ...changes });
  return (
    <section className={css.mapping} aria-busy={file.isReading}>
      <div className={css.facts}>
        <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Fields
        </Button>
        {readings.map(({ part, field }) => (
          <Chip key={`${part} ${field}`}>{part === field ? part : `${part}: ${field}`}</Chip>
        ))}
        {metadataFields.length > 0 && <Chip>kept as metadata: {metadataFields.join(', ')}</Chip>}
      </div>
      {listedAs !== null && (
        <div className={css.facts}>
          <span className="small">
            Read as dataset_info.json beside it says of the set <b>{listedAs}</b>.
          </span>
          <Button size="compact-xs" variant="subtle" onClick={() => readAgain(index, { map: {} })}>
            Read it by its fields
          </Button>
        </div>
      )}
      {isMapRemembered && (
        <div className={css.facts}>
          <span className="small">Read as an earlier file with these fields was.</span>
          <Button size="compact-xs" variant="subtle" onClick={() => readAgain(index, { map: {} })}>
            Read it anew
          </Button>
        </div>
      )}
      {isOpen && (
        <>
          <div className={css.parts}>
            {CHOSEN_PARTS.map((part) => (
              <PartField
                key={part}
                part={part}
                preview={preview}
                map={rules.map ?? {}}
                onMap={(map) => change({ map })}
              />
            ))}
            <MultiSelect
              size="xs"
              label="Kept as metadata"
              searchable
              data={preview.fields.filter((field) => !field.includes('.'))}
              value={
                rules.map?.metadata === undefined
                  ? metadataFields
                  : rules.map.metadata.split('+').filter(Boolean)
              }
              onChange={(fields) => change({ map: { ...rules.map, metadata: fields.join('+') } })}
            />
          </div>
          <ReadingRules preview={preview} rules={rules} onChange={change} />
        </>
      )}
    </section>
  );
}

interface PartProps {
  readonly part: ImportPart;
  readonly preview: ImportPreview;
  readonly map: NonNullable<ImportRules['map']>;
  readonly onMap: (map: NonNullable<ImportRules['map']>) => void;
}

function PartField({ part, preview, map, onMap }: PartProps) {
  return (
    <Select
      size="xs"
      label={PART_WORDS[part]}
      searchable
      allowDeselect={false}
      data={choicesOf(preview.fields, recognised(preview.readings, part), map[part])}
      value={choiceOf(map[part])}
      onChange={(choice) => onMap(mapWith(map, part, choice === null ? undefined : fieldOf(choice)))}
      data-set={choiceOf(map[part]) !== AUTO || undefined}
    />
  );
}
