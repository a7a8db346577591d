import { type ASTNode, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { listFiles } from './tree.ts';

/** Dotted names of everything in the SDL that may carry a description and does not. */
function findUndescribed(sdl: string): readonly string[] {
  const missing: string[] = [];
  const path: string[] = [];
  const enter = (node: ASTNode) => {
    if (!('name' in node) || !node.kind.match(/(Definition|Extension)$/)) return;
    path.push(node.name?.value ?? '');
    if (node.kind.endsWith('Definition') && !('description' in node && node.description)) missing.push(path.join('.'));
  };
  const leave = (node: ASTNode) => {
    if ('name' in node && node.kind.match(/(Definition|Extension)$/)) path.pop();
  };
  visit(parse(sdl), { enter, leave });
  return missing;
}

describe('the SDL', () => {
  it('describes every type, field, argument, input field, enum value and directive', () => {
    expect(listFiles('schema/*.graphql').flatMap(({ text }) => findUndescribed(text))).toEqual([]);
  });

  it('is searched in every corner', () => {
    const sdl = `
      type A { b(c: Int): Int }   input D { e: Int }   enum F { G }
      extend type A { h: Int }    scalar I             directive @j(k: Int) on OBJECT
      interface L { m: Int }      union N = A          "described" type O { "described" p: Int }`;
    expect(findUndescribed(sdl)).toEqual([
      'A',
      'A.b',
      'A.b.c',
      'D',
      'D.e',
      'F',
      'F.G',
      'A.h',
      'I',
      'j',
      'j.k',
      'L',
      'L.m',
      'N',
    ]);
  });
});
