import type { Role } from './roles.ts';

/**
 * Who may do what, where. One row for each action; the gate, the database scope, the page that explains it and the test that
 * tries every route are all made from this table.
 *
 * `own`: in the offices where the role is held. `own+sub`: there and in every office below them. An office that is neither
 * is out of reach, except for single records that were shared with an own office explicitly (`shared`).
 */
export type Reach = 'own' | 'own+sub';

export type Rule =
  /** Anybody, also without signing in. */
  | { for: 'anyone' }
  /** Every person who is signed in, about themselves only. */
  | { for: 'signed-in' }
  /** A system that shows the token of a source, for that source alone; no person, whatever their roles. */
  | { for: 'token' }
  | { for: Partial<Record<Role, Reach>>; shared?: true };

const content = {
  'press-officer': 'own+sub',
  'first-reviewer': 'own',
  'second-reviewer': 'own',
  'final-reviewer': 'own+sub',
  signatory: 'own+sub',
  responder: 'own',
  analyst: 'own+sub',
  leader: 'own+sub',
} as const satisfies Partial<Record<Role, Reach>>;

export const matrix = {
  // What anybody may do.
  'public-read': { for: 'anyone' },
  'objection-send': { for: 'anyone' },
  'sign-in': { for: 'anyone' },
  // The platform signs what it sends; the route looks at the signature.
  'message-push': { for: 'anyone' },

  // What another system may do with the token of a source.
  'post-push': { for: 'token' },

  // What everybody may do with their own account.
  'account-use': { for: 'signed-in' },
  'matrix-read': { for: 'signed-in' },

  // Content.
  'overview-read': { for: content },
  'post-read': { for: content, shared: true },
  // A word of a person about what the hub took a post for.
  'post-review': { for: { 'press-officer': 'own', responder: 'own', analyst: 'own', leader: 'own+sub' } },
  'post-export': { for: { 'press-officer': 'own+sub', analyst: 'own+sub', leader: 'own+sub' } },
  'search-save': { for: content },
  'watch-read': { for: content },
  'watch-write': { for: { 'press-officer': 'own', analyst: 'own' } },
  // The lists serve the whole hub; who may change them also has to belong to its first office (store/word-lists.ts).
  'word-list-read': { for: content },
  'word-list-write': { for: { 'press-officer': 'own', analyst: 'own' } },
  'concern-read': { for: content },
  'concern-write': { for: { 'press-officer': 'own', analyst: 'own', leader: 'own+sub' } },
  'warning-read': { for: content },
  // Who answers for the office decides what stands; the program only suggests.
  'warning-decide': { for: { 'press-officer': 'own', analyst: 'own', leader: 'own+sub' } },
  'warning-rule-read': { for: content },
  'warning-rule-write': { for: { analyst: 'own', leader: 'own' } },
  'supervision-order': { for: { leader: 'own+sub' } },
  'supervision-answer': { for: { 'press-officer': 'own', responder: 'own', analyst: 'own', leader: 'own' } },
  'source-read': { for: content },
  'source-write': { for: { 'press-officer': 'own', analyst: 'own' } },
  // Whoever answers for the office says that a source may run; who adds one as an analyst asks for that.
  'source-approve': { for: { 'press-officer': 'own', leader: 'own' } },
  // A kill switch has to be at hand: everybody who works with sources has it, and leaders also for the offices below.
  'source-stop': { for: { 'press-officer': 'own', responder: 'own', analyst: 'own', leader: 'own+sub' } },
  // Files of hotlines come to those who answer them, purchased ones to those who read them.
  'source-upload': { for: { 'press-officer': 'own', responder: 'own', analyst: 'own' } },
  'source-export': { for: { 'press-officer': 'own+sub', analyst: 'own+sub', leader: 'own+sub' } },
  'release-read': { for: content, shared: true },
  'release-write': { for: { 'press-officer': 'own' } },
  'release-schedule': { for: { 'press-officer': 'own', signatory: 'own' } },
  'calendar-read': { for: content },
  // Taking back what stands, and putting it right: whoever answers for the office, and for the offices below it.
  'release-withdraw': { for: { 'press-officer': 'own', signatory: 'own', leader: 'own+sub' } },
  // Three people, one after the other (config/review-rules.ts says who passes what); those of the office above where they are asked.
  'release-review': {
    for: {
      'first-reviewer': 'own',
      'second-reviewer': 'own',
      'final-reviewer': 'own+sub',
      signatory: 'own+sub',
    },
  },
  'release-comment': {
    for: {
      'press-officer': 'own',
      'first-reviewer': 'own',
      'second-reviewer': 'own',
      'final-reviewer': 'own+sub',
      signatory: 'own+sub',
    },
  },
  // The office's own accounts at the channels, and what opens them.
  'channel-read': { for: content },
  'channel-write': { for: { 'press-officer': 'own', leader: 'own' } },
  'hand-over-read': { for: content, shared: true },
  'hand-over-send': {
    for: { 'press-officer': 'own', responder: 'own', analyst: 'own', leader: 'own' },
    shared: true,
  },
  'hand-over-answer': { for: { 'press-officer': 'own', responder: 'own', leader: 'own' } },
  'objection-read': { for: { 'press-officer': 'own', responder: 'own', leader: 'own' } },
  'objection-decide': { for: { 'press-officer': 'own', responder: 'own' } },
  // Everybody's own list, their own wishes, and who is on duty.
  'notice-read': { for: content },
  // Robots and other ways out, the roster, and what became of what was sent.
  'notice-settings': { for: { 'press-officer': 'own', leader: 'own' } },
  'role-delegate': { for: onlyOwn(content) },

  // The system administrator: offices and people, no rights and no content.
  'office-read': { for: { 'system-administrator': 'own+sub', 'security-administrator': 'own+sub' } },
  'office-write': { for: { 'system-administrator': 'own+sub' } },
  'office-export': { for: { 'system-administrator': 'own+sub' } },
  'person-read': { for: { 'system-administrator': 'own+sub', 'security-administrator': 'own+sub' } },
  'person-write': { for: { 'system-administrator': 'own+sub' } },
  'person-export': { for: { 'system-administrator': 'own+sub' } },

  // The security administrator: who holds which role, sessions, locks, second factors.
  'role-write': { for: { 'security-administrator': 'own+sub' } },
  'session-end': { for: { 'security-administrator': 'own+sub' } },
  'lock-release': { for: { 'security-administrator': 'own+sub' } },
  'factor-reset': { for: { 'security-administrator': 'own+sub' } },

  // The audit administrator.
  'audit-read': { for: { 'audit-administrator': 'own+sub' } },
  'audit-export': { for: { 'audit-administrator': 'own+sub' } },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof matrix;
export const actions = Object.keys(matrix) as Action[];

export function ruleOf(action: Action): Rule {
  return matrix[action];
}

/** How far a role reaches with an action; null: not at all. Says nothing of actions that ask for no role. */
export function reachOf(action: Action, role: Role): Reach | null {
  const rule = ruleOf(action);
  return typeof rule.for === 'object' ? (rule.for[role] ?? null) : null;
}

/**
 * What the hub does by itself, and for which records: `own` is the office of the very source or posts that a job is for,
 * `every` the whole hub. A job without a row is not taken on.
 */
export const jobReach = {
  crawl: 'own',
  retain: 'every',
  searches: 'every',
  learn: 'every',
} as const satisfies Record<string, 'own' | 'every'>;
export type JobName = keyof typeof jobReach;

function onlyOwn<T extends Role>(of: Partial<Record<T, Reach>>): Partial<Record<T, 'own'>> {
  return Object.fromEntries(Object.keys(of).map((role) => [role, 'own'])) as Partial<Record<T, 'own'>>;
}
