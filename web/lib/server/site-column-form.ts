import { siteColumnSchema, type SiteColumn } from '../../../config/site-columns.ts';
import { field } from './form.ts';

/** A column as a form holds it; null: it does not hold. Keywords are parted by commas, Chinese or not. */
export function columnField(sent: FormData): SiteColumn | null {
  const keywords = field(sent, 'keywords')
    .split(/[,，、;；\n]/)
    .map((word) => word.trim())
    .filter(Boolean);
  const read = siteColumnSchema.safeParse({
    key: field(sent, 'key').trim(),
    name: field(sent, 'name'),
    description: field(sent, 'description'),
    keywords: [...new Set(keywords)],
    type: field(sent, 'type'),
    archived: field(sent, 'archived') === 'true',
  });
  return read.success ? read.data : null;
}

/** A column as the page had it, handed back in a hidden field; null: there is none, or it is no column. */
export function seenField(sent: FormData, name: string): SiteColumn | null {
  const text = field(sent, name);
  if (text === '') return null;
  try {
    return siteColumnSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
