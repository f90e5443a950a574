import { caseThemes } from './everyday-cases.ts';
import { publicInterestThemes } from './everyday-public-interest.ts';
import { serviceThemes } from './everyday-service.ts';
import type { Theme } from './theme.ts';

/** All lines of prosecution work that people talk about on an ordinary day. */
export const everyday: readonly Theme[] = [...caseThemes, ...publicInterestThemes, ...serviceThemes];
