import { z } from 'zod';
import columnsFile from './defaults/upload-columns.json' with { type: 'json' };
import { uploadFields } from './upload-fields.ts';

const words = z.array(z.string().min(1));

/** What columns of uploaded files are called, and what tells a column that holds people. */
export const uploadColumns = z
  .object({
    /** The names of each field, the likeliest first. */
    fields: z.record(z.enum(uploadFields), words),
    /** Parts of a Chinese name that tell people, and names that hold such a part and tell none. */
    people: words,
    notPeople: words,
    /** Of those parts, the ones that tell people also over a column of addresses. */
    profiles: words,
    /** Words of a Latin name that tell people, and words before which they do not. */
    peopleWords: words,
    notPeopleBefore: words,
  })
  .parse(columnsFile);
