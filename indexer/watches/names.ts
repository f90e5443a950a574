import type { Names } from './parser.ts';

/** What queries may call lines and places. */
export const names: Names = {
  line: (name) => (/^[a-z]+(?:-[a-z]+)*$/u.test(name) ? name : null),
  place: () => null,
};
