import { buildASTSchema, parse, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import { toPublicSchema } from '../../../src/graphql/directives/public.ts';
import { DIRECTIVES } from '../access/fixtures.ts';

const publicOf = (sdl: string) => {
  const schema = buildASTSchema(parse(`${DIRECTIVES} ${sdl}`));
  return toPublicSchema(schema, compilePlan(schema, REGISTRY));
};

describe('what exists for a stranger', () => {
  it('is the public fields, and the types they lead to', () => {
    const schema = publicOf(`
      type Query { health: Health @public  note: Note @auth }
      type Health { status: String @public }
      type Note @auth { text: String }
    `);
    expect(schema && printSchema(schema)).toBe(
      'type Query {\n  health: Health\n}\n\ntype Health {\n  status: String\n}',
    );
  });

  it('is a field of an interface where it is public on every member', () => {
    const schema = publicOf(`
      type Query { sign: Sign @public }
      interface Sign { status: String @public }
      type Lamp implements Sign { status: String @public }
      type Flag implements Sign { status: String @public }
    `);
    expect(schema && printSchema(schema)).toContain('interface Sign {\n  status: String\n}');
  });

  it('is nothing at all where nothing is public', () => {
    expect(publicOf('type Query { note: Note @auth } type Note @auth { text: String }')).toBeNull();
  });
});
