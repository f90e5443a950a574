/** What a column of an uploaded file can be. `times`: how many there were of it (aggregates of a hotline). */
export const uploadFields = [
  'text',
  'title',
  'publishedAt',
  'url',
  'id',
  'outlet',
  'likes',
  'comments',
  'shares',
  'times',
] as const;
export type UploadField = (typeof uploadFields)[number];
