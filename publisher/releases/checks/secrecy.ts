import { secrecyItems } from '../../../config/release-checks.ts';
import { messages } from './messages.ts';
import type { Check } from './types.ts';

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
