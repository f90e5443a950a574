import { messages } from './messages.ts';
import type { Check } from './types.ts';

/** From so much in common on, two releases say the same. */
const SAME = 0.8;

/** The same was published lately, or is about to be. */
export const duplicate: Check = {
  key: 'duplicate',
  run: async ({ parts }, { recent, likeness }) => {
    const text = parts.get('document') ?? '';
    if (text === '') return [];
    return (await recent())
      .map((other) => ({ other, like: likeness(text, other.text) }))
      .filter(({ like }) => like >= SAME)
      .sort((a, b) => b.like - a.like)
      .slice(0, 3)
      .map(({ other, like }) => ({
        severity: 'warn' as const,
        part: 'document' as const,
        ...{ start: null, end: null, quote: other.title, releaseId: other.id },
        text: messages.duplicate(Math.round(100 * like), other.at),
      }));
  },
};
