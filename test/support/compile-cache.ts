import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Environment for processes that tests start: without it, each spends most of its CPU time compiling the product. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'tenantry-compile-cache') };
