/** One robots.txt, read as RFC 9309 says. */
export type RobotsRules = {
  /** @param path path and query of an address, percent-encoded as in one */
  allows(path: string): boolean;
  /** Least seconds between two requests, where our group says so; not in the RFC, and widely used. */
  crawlDelaySeconds: number | null;
  /** Absolute addresses, for all robots. */
  sitemaps: string[];
};

/** A pattern in pieces, `*` between them. */
type Rule = {
  allow: boolean;
  length: number;
  start: string;
  pieces: string[];
  /** What the address ends with, where the pattern says so; null: anything. */
  end: string | null;
  /** The address is `start` and nothing else. */
  exact: boolean;
};
type Group = { rules: Rule[]; delay: number | null };

/** RFC 9309, 2.5: at least so much is read; a line that is cut there is no line. */
export const ROBOTS_BYTES = 500 * 1024;
const MOST_SITEMAPS = 200;
/** Longer patterns match no address that anybody asks for. */
const LONGEST_PATTERN = 2_000;

/**
 * @param text the file; lines end with LF, CR or both, what is not understood is passed over
 * @param name our product token; its groups count together, and only without any those of `*`
 */
export function readRobots(text: string, name: string, origin: string): RobotsRules {
  const ours: Group = { rules: [], delay: null };
  const everybody: Group = { rules: [], delay: null };
  const sitemaps: string[] = [];
  let named = false;
  let current: Group[] = [];
  let naming = false;
  for (const line of text.split(/[\r\n]+/)) {
    const [key, value] = fieldOf(line);
    switch (key) {
      case 'user-agent':
        if (!naming) current = [];
        naming = true;
        if (isName(value, name)) {
          named = true;
          current.push(ours);
        } else if (value === '*') current.push(everybody);
        break;
      case 'allow':
      case 'disallow':
        naming = false;
        if (value === '' || value.length > LONGEST_PATTERN) break;
        for (const { rules } of current) rules.push(ruleOf(value, key === 'allow'));
        break;
      case 'crawl-delay': {
        naming = false;
        const delay = Number(value);
        if (value !== '' && delay >= 0) for (const group of current) group.delay = delay;
        break;
      }
      case 'sitemap': {
        // Belongs to no group, and ends none.
        const address = URL.parse(value, origin);
        if (address && /^https?:$/.test(address.protocol) && sitemaps.length < MOST_SITEMAPS) {
          sitemaps.push(address.href);
        }
      }
    }
  }
  const { rules, delay } = named ? ours : everybody;
  // The longest pattern decides, of equally long ones the one that allows.
  rules.sort((a, b) => b.length - a.length || Number(b.allow) - Number(a.allow));
  return {
    allows(path) {
      const asked = encoded(path).replaceAll('*', '%2A').replaceAll('$', '%24');
      return rules.find((rule) => matches(rule, asked))?.allow ?? true;
    },
    crawlDelaySeconds: delay,
    sitemaps: [...new Set(sitemaps)],
  };
}

/** A product token, in any case, perhaps with a version behind it. */
function isName(value: string, name: string): boolean {
  return value.split('/')[0]?.trim().toLowerCase() === name.toLowerCase();
}

/** One spelling for each address: what needs no escape has none, every other octet has one in capitals. */
function encoded(path: string): string {
  return path
    .toWellFormed()
    .replace(/[^\x21-\x7e]/gu, encodeURIComponent)
    .replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
      const char = String.fromCharCode(Number.parseInt(hex, 16));
      return /[\w.~-]/.test(char) ? char : escape.toUpperCase();
    });
}

/** `*` stands for any characters, `$` at the end for the end, elsewhere for itself. */
function ruleOf(value: string, allow: boolean): Rule {
  const pattern = encoded(value);
  const whole = pattern.endsWith('$');
  const [start = '', ...pieces] = (whole ? pattern.slice(0, -1) : pattern).replaceAll('$', '%24').split('*');
  const end = whole ? (pieces.pop() ?? '') : null;
  // Without a wildcard the whole address is the start, and nothing follows.
  const exact = whole && !pattern.includes('*');
  return { allow, length: pattern.length, start, pieces, end: exact ? null : end, exact };
}

/** Looks at each piece once, so that no pattern is slow. */
function matches({ start, pieces, end, exact }: Rule, path: string): boolean {
  if (exact) return path === start;
  if (!path.startsWith(start)) return false;
  let at = start.length;
  for (const piece of pieces) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return end === null || (path.length - end.length >= at && path.endsWith(end));
}

/** Name, in small letters, and value of a line without its comment; an empty name where it has neither. */
function fieldOf(line: string): [string, string] {
  const said = line.split('#', 1)[0] ?? '';
  const colon = said.indexOf(':');
  return colon < 0 ? ['', ''] : [said.slice(0, colon).trim().toLowerCase(), said.slice(colon + 1).trim()];
}
