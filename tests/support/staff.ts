import type { Role } from '../../config/access/roles.ts';
import type { Actor } from '../../store/actor.ts';
import { grantsOf } from '../../store/people.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { grantsOfPerson } from '../../store/role-grants.ts';
import { scoped, scopeOf, type Grant, type Scope } from '../../store/scope.ts';
import { startTestEngines, type TestEngines } from './engines.ts';
import { makeOffice } from './offices.ts';

export type Place = 'province' | 'city' | 'county' | 'other';
/** What somebody works with: the scope that their role gives them now, and their name for the log. */
export type Hand = { db: Store; actor: Actor };

/** A province with two cities, one of them with a county, and people in them. */
export type Staff = {
  engines: TestEngines;
  /** The database as a running hub reaches it. */
  app: Pool;
  offices: Record<Place, number>;
  hand(role: Role, place: Place, id?: string): Promise<Hand>;
  system(place: Place, id?: string): Promise<Hand>;
  security(place: Place, id?: string): Promise<Hand>;
  /** Makes a person with roles in their office. @returns their id, which is their name too */
  person(place: Place, ...roles: Role[]): Promise<string>;
  /** The roles that somebody holds now. */
  held(id: string): Promise<Role[]>;
  grantIds(id: string): Promise<number[]>;
  stop(): Promise<void>;
};

export async function startStaff(): Promise<Staff> {
  const engines = await startTestEngines();
  const { store } = engines;
  const app = openStore(engines.runtime().databaseUrl, 'test', { max: 6 });
  const province = await makeOffice(store, 'province', 'provincial');
  const city = await makeOffice(store, 'city', 'municipal', province);
  const county = await makeOffice(store, 'county', 'county', city);
  const other = await makeOffice(store, 'other', 'municipal', province);
  const offices: Record<Place, number> = { province, city, county, other };
  const actions = { 'system-administrator': 'person-write', 'security-administrator': 'role-write' } as const;

  async function hand(role: Role, place: Place, id = `${role}-${place}`): Promise<Hand> {
    const grants: Grant[] = [{ role, officeId: offices[place], kind: 'holder' }];
    const scope = await scopeOf(app, grants, actions[role as keyof typeof actions] ?? 'role-delegate');
    const actor: Actor = { id, officeId: offices[place], role, address: '10.0.0.1' };
    return { db: scoped(app, scope as Scope), actor };
  }

  let made = 0;
  async function person(place: Place, ...roles: Role[]): Promise<string> {
    made += 1;
    const id = `p-${made}`;
    await store.query(
      `insert into people (id, office_id, name, email) values ($1, $2, $1, $1 || '@example.com')`,
      [id, offices[place]],
    );
    await store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by)
       select $1, $2, unnest($3::text[]), 'holder', 'test'`,
      [offices[place], id, roles],
    );
    return id;
  }

  return {
    ...{ engines, app, offices, hand, person },
    system: (place, id) => hand('system-administrator', place, id),
    security: (place, id) => hand('security-administrator', place, id),
    held: async (id) => (await grantsOf(store, id)).map(({ role }) => role).toSorted(),
    grantIds: async (id) => (await grantsOfPerson(store, id)).map((grant) => grant.id),
    async stop() {
      await app.end();
      await engines.stop();
    },
  };
}
