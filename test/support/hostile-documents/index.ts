import type { HostileDocument } from './document.ts';
import { FRAGMENTS } from './fragments.ts';
import { SHAPES } from './shape.ts';
import { TEXTS } from './texts.ts';
import { VALUES } from './values.ts';

export type { HostileDocument } from './document.ts';

export const HOSTILE_DOCUMENTS: readonly HostileDocument[] = [...SHAPES, ...FRAGMENTS, ...VALUES, ...TEXTS];
