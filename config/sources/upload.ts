import { z } from 'zod';
import type { UploadField } from '../upload-fields.ts';
import { common } from './parts.ts';

const column = z.string().trim().min(1).max(100);

/** Field → the name of its column in the head of the file (of JSON lines: its key, with dots). */
export const uploadMapping = z.strictObject({
  text: column,
  title: column.optional(),
  publishedAt: column.optional(),
  url: column.optional(),
  id: column.optional(),
  outlet: column.optional(),
  likes: column.optional(),
  comments: column.optional(),
  shares: column.optional(),
  times: column.optional(),
} satisfies Record<UploadField, unknown>);
export type UploadMapping = z.infer<typeof uploadMapping>;

/** Files that people bring: CSV, XLSX, JSON lines. */
export const upload = z.strictObject({
  kind: z.literal('upload'),
  ...common,
  settings: z
    .strictObject({
      /** What the rows are. */
      postKind: z.enum(['article', 'post', 'comment']).default('post'),
      /** Absent: guessed from the names of the columns. */
      mapping: uploadMapping.optional(),
    })
    .default({ postKind: 'post' }),
});
