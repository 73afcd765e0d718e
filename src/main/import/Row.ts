import type { ImportPart, ImportRules } from '#shared/importEntities.ts';
import { NAMES, plainName } from './fields.ts';
import type { FieldReading, JsonObject } from './types.ts';

export interface Found {
  readonly field: string;
  readonly value: unknown;
}
/** A row by the names of its parts. It knows what was read of it: the rest is metadata. */
export class Row {
  readonly value: JsonObject;
  readonly rules: ImportRules;
  readonly readings: FieldReading[] = [];
  readonly #byName = new Map<string, string>();
  readonly #used = new Set<string>();
  readonly #kept = new Set<string>();

  constructor(value: JsonObject, rules: ImportRules = {}) {
    this.value = value;
    this.rules = rules;
    for (const field of Object.keys(value)) {
      const name = plainName(field);
      if (!this.#byName.has(name) || value[this.#byName.get(name) as string] === null)
        this.#byName.set(name, field);
    }
  }

  /** A field by its exact or its plain name; a null one is absent. `a.b` goes into objects. */
  at(name: string): Found | null {
    const direct =
      name in this.value && Object.hasOwn(this.value, name) ? name : this.#byName.get(plainName(name));
    if (direct === undefined) return name.includes('.') ? this.#inside(name) : null;
    const value = this.value[direct];
    return value === null || value === undefined ? null : { field: direct, value };
  }

  #inside(path: string): Found | null {
    let value: unknown = this.value;
    for (const step of path.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null;
      value = (value as Record<string, unknown>)[step];
    }
    return value === null ? null : { field: path, value };
  }

  #mapped(part: string): string | undefined {
    const { map } = this.rules;
    return map && Object.hasOwn(map, part) ? map[part as ImportPart] : undefined;
  }

  /** The part's field: as mapped, else the first of its names that the row has. */
  find(part: keyof typeof NAMES | 'replyA' | 'replyB'): Found | null {
    const mapped = this.#mapped(part);
    if (mapped !== undefined) return mapped === '' ? null : this.at(mapped);
    if (part === 'replyA' || part === 'replyB') return null;
    for (const name of NAMES[part]) {
      const found = this.at(name);
      if (found && !this.isUsed(found.field)) return found;
    }
    return null;
  }

  /** Takes note that a field became a part of the pair. */
  use(part: string, field: string): void {
    const isPath = field.includes('.') && !Object.hasOwn(this.value, field);
    const [top = field] = field.split('.');
    this.#used.add(isPath ? top : field);
    if (isPath) this.#kept.add(top);
    if (!this.readings.some((reading) => reading.part === part && reading.field === field))
      this.readings.push({ part, field });
  }
  isUsed(field: string): boolean {
    return this.#used.has(field);
  }
  /** The same row with other values of some fields. */
  with(changes: JsonObject): Row {
    return new Row({ ...this.value, ...changes }, this.rules);
  }
  /** Whether the row has a field of these parts at all, be it null. */
  knows(...parts: (keyof typeof NAMES)[]): boolean {
    return parts.some((part) => NAMES[part].some((name) => this.#byName.has(plainName(name))));
  }
  /** Whether the replies are whole "\n\nHuman: …" dialogues. */
  readsDialogues(): boolean {
    const chosen = this.find('chosen') ?? this.readings.map(({ field }) => this.at(field)).find(Boolean);
    return typeof chosen?.value === 'string' && /\n\n(Human|Assistant):/.test(chosen.value);
  }
  has(...names: string[]): boolean {
    return names.every((name) => this.at(name) !== null);
  }

  /** A field that was read, and holds more than what was. */
  keep(field: string): void {
    this.#kept.add(field);
  }

  /** What was not read, as it stands. */
  rest(): JsonObject | null {
    const wanted = this.rules.map?.metadata?.split('+');
    const rest = Object.entries(this.value).filter(
      ([field, value]) =>
        value !== null && (wanted ? wanted.includes(field) : !this.#used.has(field) || this.#kept.has(field)),
    );
    return rest.length > 0 ? Object.fromEntries(rest) : null;
  }
}
