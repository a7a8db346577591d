/** A setup file of Vitest: after each test file, the demo data of a shared product must be as it was. */
import { afterAll } from 'vitest';
import { assertDemoUnchanged } from './shared-product.ts';

afterAll(assertDemoUnchanged);
