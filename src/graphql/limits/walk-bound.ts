import {
  limitExceeded,
  MAX_DIRECTIVES,
  MAX_DIRECTIVES_AT_ONCE,
  MAX_FRAGMENT_NESTING,
  MAX_FRAGMENTS,
  MAX_SELECTIONS,
} from './bounds.ts';
import type { OnSelection } from './collect-fields.ts';

/** Bounds the walk through one document. Each definition counts its directives anew. */
export function createWalkBound(): () => OnSelection {
  let selections = 0;
  return () => {
    let directives = 0;
    return ({ directives: here = [] }, { nesting, fragments }) => {
      selections += 1;
      directives += here.length;
      assertAtMost(selections, MAX_SELECTIONS, 'selections once its fragments are unfolded');
      assertAtMost(fragments, MAX_FRAGMENTS, 'fragments within one selection');
      assertAtMost(nesting, MAX_FRAGMENT_NESTING, 'fragments within each other');
      assertAtMost(here.length, MAX_DIRECTIVES_AT_ONCE, 'directives at one place');
      assertAtMost(directives, MAX_DIRECTIVES, 'directives');
    };
  };
}

// The walk ends here, so how far it would have gone is not known.
function assertAtMost(count: number, bound: number, things: string): void {
  if (count > bound) throw limitExceeded(`The document has more than ${bound} ${things}; no more are allowed.`);
}
