import { withoutCredits } from './boilerplate.ts';
import type { Page } from './page.ts';
import { plainText } from './plain-text.ts';

/** What a page says of its article in JSON-LD (schema.org). Text and headline only: everything else has its own reader. */
export type Structured = { title: string | null; text: string | null };

const ARTICLE = /(?:Article|Posting|Report|Question)$/;
/** Lists within lists are somebody's joke; a page has one article. */
const DEEPEST = 4;

/** The article that the page's JSON-LD tells whole: for pages that are empty until scripts have run. Null without one. */
export function structured(page: Page): Structured | null {
  for (const json of page.ldJson) {
    if (!json.includes('articleBody') && !json.includes('"text"')) continue;
    const found = articleIn(parsed(json), 0);
    if (found) return found;
  }
  return null;
}

function articleIn(value: unknown, depth: number): Structured | null {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    for (const each of value.slice(0, 50)) {
      const found = articleIn(each, depth + 1);
      if (found) return found;
    }
    return null;
  }
  const thing = value as Record<string, unknown>;
  const types = [thing['@type']].flat();
  if (types.some((type) => typeof type === 'string' && ARTICLE.test(type))) {
    const text = worded(thing['articleBody']) ?? worded(thing['text']);
    if (text !== null) return { title: worded(thing['headline']) ?? worded(thing['name']), text };
  }
  return articleIn(thing['@graph'] ?? thing['mainEntity'] ?? thing['mainEntityOfPage'], depth + 1);
}

const worded = (value: unknown): string | null =>
  typeof value === 'string' ? withoutCredits(plainText(value.replaceAll('\n', '<br>'))) || null : null;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
