/** Calls of the contract: inputs that fit its schemas or nearly do. */
import { z } from 'zod';
import type { RandomSource } from '#core/random.ts';
import { contract } from '#shared/contract.ts';
import { oddText, oddValue } from '../oddValues.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly format?: string;
}

export interface Procedure {
  readonly path: readonly [string, string];
  readonly schema: JsonSchema | null;
}

function schemaOf(procedure: unknown): JsonSchema | null {
  const { inputSchema } = (procedure as { '~orpc': { inputSchema?: z.ZodType } })['~orpc'];
  if (inputSchema === undefined) return null;
  return z.toJSONSchema(inputSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

export const PROCEDURES: readonly Procedure[] = Object.entries(contract).flatMap(([room, procedures]) =>
  Object.entries(procedures).map(([name, procedure]) => ({
    path: [room, name] as const,
    schema: schemaOf(procedure),
  })),
);

/** What calls name that is there: ids, a project, texts of the pairs. */
export interface Known {
  readonly paths: readonly string[];
  readonly texts: readonly string[];
}

const numberOf = (random: RandomSource, { minimum, maximum, type }: JsonSchema): number => {
  const dice = random.integer(8);
  if (dice === 0) return random.pick([0, -1, 2 ** 31, 2 ** 53, 1e308, 0.5, -(2 ** 40)]);
  if (dice === 1 && maximum !== undefined) return maximum;
  if (dice === 2 && minimum !== undefined) return minimum;
  // Ids begin at 1.
  const small = 1 + random.integer(9);
  return type === 'integer' || random.integer(3) > 0 ? small : random.uniform();
};

const KEYS = ['text', 'id', 'status', 'pairId', 'annotatorId', '__proto__', 'constructor'];

class Maker {
  readonly #random: RandomSource;
  readonly #known: Known;
  readonly #defs: Readonly<Record<string, JsonSchema>>;

  constructor(random: RandomSource, known: Known, root: JsonSchema) {
    this.#random = random;
    this.#known = known;
    this.#defs = { ...root.$defs, '#': root };
  }

  make(schema: JsonSchema, depth = 8): unknown {
    const random = this.#random;
    if (random.integer(60) === 0) return oddValue(random, KEYS);
    if (depth === 0) return null;
    if (schema.$ref !== undefined) {
      const found = this.#defs[schema.$ref.split('/').at(-1) ?? ''];
      return found ? this.make(found, depth - 1) : null;
    }
    if ('const' in schema) return schema.const;
    if (schema.enum) return random.pick(schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return this.make(random.pick(choices), depth - 1);
    if (schema.allOf)
      return Object.assign({}, ...schema.allOf.map((part) => this.make(part, depth - 1))) as unknown;
    const type = Array.isArray(schema.type) ? random.pick(schema.type as string[]) : schema.type;
    switch (type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#list(schema, depth);
      case 'string':
        return this.#text(schema);
      case 'integer':
      case 'number':
        return numberOf(random, schema);
      case 'boolean':
        return random.integer(2) === 0;
      case 'null':
        return null;
      default:
        return oddValue(random, KEYS);
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema, depth: number): unknown {
    const random = this.#random;
    const made: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(properties)) {
      const isLeftOut = random.integer(required.includes(name) ? 80 : 2) === 0;
      if (!isLeftOut) made[name] = this.make(schema, depth - 1);
    }
    if (typeof additionalProperties === 'object')
      for (let count = random.integer(3); count > 0; count -= 1)
        made[oddText(random)] = this.make(additionalProperties, depth - 1);
    return made;
  }

  #list({ items = {}, prefixItems, minItems = 0 }: JsonSchema, depth: number): unknown {
    if (prefixItems) return prefixItems.map((item) => this.make(item, depth - 1));
    const length = minItems + this.#random.integer(4);
    return Array.from({ length }, () => this.make(items, depth - 1));
  }

  #text({ format }: JsonSchema): string {
    const random = this.#random;
    if (format === 'uuid' && random.integer(8) > 0)
      return '00000000-0000-4000-8000-000000000000'.replace(/0/g, () => random.integer(16).toString(16));
    const dice = random.integer(6);
    if (dice === 0) return random.pick(this.#known.paths);
    if (dice < 3) return random.pick(this.#known.texts);
    return oddText(random);
  }
}

export const inputFor = (random: RandomSource, { schema }: Procedure, known: Known): unknown =>
  schema === null ? undefined : new Maker(random, known, schema).make(schema);
