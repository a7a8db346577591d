import { projects } from '../../../examples/projects/index.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { joinModules } from '../../../src/modules/join-modules.ts';
import type { Module } from '../../../src/modules/module.ts';
import { CORE } from './core-facts.ts';
import type { Facts } from './facts.ts';
import { PROJECTS } from './project-facts.ts';

/** The nouns under test beside Tenantry's own. */
export const MODULES: readonly Module[] = [projects];

const ALL: readonly Facts[] = [CORE, PROJECTS];

/** All that is told of the schema's nouns. */
export const FACTS: Facts = {
  entries: Object.assign({}, ...ALL.map(({ entries }) => entries)),
  samples: Object.assign({}, ...ALL.map(({ samples }) => samples)),
  rowsFor: Object.assign({}, ...ALL.map(({ rowsFor }) => rowsFor)),
  addRows: async (stage) => {
    const rows = [];
    for (const { addRows } of ALL) rows.push(...(await addRows(stage)));
    return rows;
  },
  putBack: async (product) => {
    for (const { putBack } of ALL) await putBack?.(product);
  },
};

/** What the product makes its schema from. */
export const PARTS = joinModules(MODULES).schema;

/** The schema that the product serves: what is asked is read off it. */
export const { schema: SCHEMA } = buildSchema(PARTS);

/** Every scope that a machine may be given. */
export const SCOPES = PARTS.registry.scopes;
