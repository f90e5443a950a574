import type { Grant } from '../../../../store/scope.ts';
import type { factorNeeded } from './factor-rule.ts';
import { mayComeFrom } from './sessions.ts';

/** What is known of whoever asks. */
export type Seen = {
  grants: readonly Pick<Grant, 'role'>[];
  place: string;
  administratorAddresses: readonly string[];
  factor: ReturnType<typeof factorNeeded>;
  /** A first password, or one that is too old. */
  mustChangePassword: boolean;
};

type Step = {
  name: 'address' | 'second-factor' | 'password' | 'enrolment';
  hinders(seen: Seen): boolean;
  /** Where it can be put right; null: nowhere from here. */
  at: '/sign-in/second' | '/account/password' | '/account/factors' | null;
  /** Routes that stand open meanwhile, with all below them, besides the way out. */
  open: readonly string[];
};

/**
 * What can stand between a session and the desk, in the order in which it is put right: the second factor before the
 * password, so that a stolen password cannot be changed by the thief.
 */
const steps: readonly Step[] = [
  {
    name: 'address',
    hinders: ({ place, grants, administratorAddresses }) =>
      !mayComeFrom(place, grants, administratorAddresses),
    at: null,
    open: [],
  },
  {
    name: 'second-factor',
    hinders: ({ factor }) => factor === 'verify',
    at: '/sign-in/second',
    open: ['/sign-in/second'],
  },
  {
    name: 'password',
    hinders: ({ mustChangePassword }) => mustChangePassword,
    at: '/account/password',
    open: ['/(desk)/account/password'],
  },
  {
    name: 'enrolment',
    hinders: ({ factor }) => factor === 'enrol',
    at: '/account/factors',
    open: ['/(desk)/account/factors'],
  },
];

export type Hindrance = Pick<Step, 'name' | 'at' | 'open'>;

/** The first thing that has to be put right; null: the desk is open. */
export function hindranceOf(seen: Seen): Hindrance | null {
  return steps.find((step) => step.hinders(seen)) ?? null;
}

/** Whether a route stands open although something has to be put right first. */
export function isOpen({ open }: Hindrance, routeId: string): boolean {
  return (
    routeId === '/sign-out' || open.some((route) => routeId === route || routeId.startsWith(`${route}/`))
  );
}
