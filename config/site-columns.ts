import { z } from 'zod';
import file from './defaults/site-columns.json' with { type: 'json' };

/** ColumnType of the annex "网页标签" of 《政府网站发展指引》 (国办发〔2017〕47号). */
export const columnTypes: readonly string[] = z.array(z.string().min(1)).min(1).parse(file.types);

/** More than anybody finds their way through; a guard against a list that grows by mistake. */
export const MOST_COLUMNS = 40;

const words = (most: number) => z.string().trim().max(most);

/** A column of the public website (栏目). */
export const siteColumnSchema = z.strictObject({
  /** Stands in addresses, and stays. */
  key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  name: words(30).min(1),
  description: words(200).default(''),
  keywords: z.array(words(20).min(1)).max(10).default([]),
  type: z.string().refine((type) => columnTypes.includes(type)),
  /** Not offered any more, for writing or reading; what was published in it stands. */
  archived: z.boolean().default(false),
});
export type SiteColumn = z.infer<typeof siteColumnSchema>;

/** The columns that an office begins with. */
export const shippedColumns: readonly SiteColumn[] = z.array(siteColumnSchema).parse(file.columns);
