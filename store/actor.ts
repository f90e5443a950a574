import type { Role } from '../config/access/roles.ts';

/** Who acts, from where and in which office: what the audit log keeps with every act. */
export type Actor = {
  /** Id of the person, or the name of a command or role of the hub (`command:start`). */
  id: string;
  officeId: number;
  /** The role by which the act was allowed; `self` for one's own account, `citizen` for the public, `hub` for itself. */
  role: Role | 'self' | 'citizen' | 'hub';
  /** IP address that the request came from; null where there was no request. */
  address: string | null;
};

/** The hub itself, acting for an office. */
export function hubActor(what: string, officeId: number): Actor {
  return { id: what, officeId, role: 'hub', address: null };
}
