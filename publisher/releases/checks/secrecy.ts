import { messages } from './messages.ts';
import type { Check } from './types.ts';

/** What a secrecy review ticks, item by item (保守国家秘密法实施条例 (2024), article 42). */
export const secrecyItems = [
  'state-secrets',
  'work-secrets',
  'internal-papers',
  'case-secrets',
  'business-secrets',
  'privacy',
  'pictures',
] as const;
export type SecrecyItem = (typeof secrecyItems)[number];

/** What goes out was looked through for secrets, by somebody with a name, as it stands now. */
export const secrecy: Check = {
  key: 'secrecy',
  run: (_, { secrecy: ticked }) => {
    const missing = secrecyItems.filter((item) => !ticked?.includes(item));
    if (missing.length === 0) return [];
    const text =
      ticked === null
        ? messages.noSecrecy
        : messages.secrecyMissing(missing.map((item) => messages.secrecyItems[item]));
    return [
      { severity: 'block', part: 'details', start: null, end: null, quote: messages.names.secrecy, text },
    ];
  },
};
