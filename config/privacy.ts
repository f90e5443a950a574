/**
 * The words in which the schema says what personal data it holds. Every column carries one of two comments:
 * `personal=no`, or `personal=<class> why=<purpose> kept=<retention>`. The privacy page is made from them.
 */

/** What kind of personal data a column holds, and about whom. */
export const personalClasses = [
  // People who work with the hub.
  'staff-name',
  'staff-contact',
  'staff-credential',
  'staff-activity',
  'network-address',
  // Citizens: what they said in public (masked, never who said it), and what they send to the office themselves.
  'public-text',
  'public-address',
  'citizen-contact',
  'citizen-text',
  'citizen-mark',
] as const;
export type PersonalClass = (typeof personalClasses)[number];

/** What it is held for. */
export const purposes = [
  'listening',
  'not-again',
  'objection',
  'signing-in',
  'access',
  'work-record',
  'accountability',
] as const;
export type Purpose = (typeof purposes)[number];

/** For how long. What depends on a setting is named after it. */
export const retentions = [
  'raw-text-days',
  'contact-days',
  'objection-days',
  'until-decided',
  'one-day',
  'thirty-days',
  'until-expiry',
  'while-employed',
  'while-record',
  'while-refused',
  'audit-period',
] as const;
export type Retention = (typeof retentions)[number];

export type Annotation = { personal: PersonalClass; why: Purpose; kept: Retention };

const GRAMMAR = /^personal=([a-z-]+) why=([a-z-]+) kept=([a-z-]+)$/;

/**
 * Reads a column's comment.
 * @returns null when the column holds nothing personal; undefined when the comment does not say
 */
export function readAnnotation(comment: string | null): Annotation | null | undefined {
  if (comment === 'personal=no') return null;
  const [, personal, why, kept] = GRAMMAR.exec(comment ?? '') ?? [];
  const annotation = {
    personal: personalClasses.find((known) => known === personal),
    why: purposes.find((known) => known === why),
    kept: retentions.find((known) => known === kept),
  };
  return isWhole(annotation) ? annotation : undefined;
}

function isWhole(found: { [K in keyof Annotation]: Annotation[K] | undefined }): found is Annotation {
  return found.personal !== undefined && found.why !== undefined && found.kept !== undefined;
}
