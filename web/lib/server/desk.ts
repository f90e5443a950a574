import { error } from '@sveltejs/kit';
import { ruleOf, reachOf, type Action } from '../../../config/access/matrix.ts';
import type { Knowledge } from '../../../indexer/knowledge.ts';
import type { KnowledgeKeeper } from '../../../indexer/knowledge-keeper.ts';
import type { Actor } from '../../../store/actor.ts';
import { grantsOf } from '../../../store/people.ts';
import type { Store } from '../../../store/pool.ts';
import { searchOfFeed, type SavedSearch } from '../../../store/saved-searches.ts';
import { useToken, type TokenUse } from '../../../store/push-tokens.ts';
import {
  EVERY_OFFICE,
  NO_OFFICE,
  officesOf,
  oneOffice,
  rootsOf,
  scoped,
  scopeOf,
  type Offices,
  type Scope,
} from '../../../store/scope.ts';
import { messages } from '../messages.ts';
import { hub } from './hub.ts';
import type { Person } from './session.ts';

/** What a request may work with: a database that holds no more than the action's scope. */
export type Desk = Readonly<{
  person: Person;
  /** The action of the matrix that the request is. */
  action: Action;
  scope: Scope;
  db: Store;
  /** The scope's offices as a filter for questions. */
  offices: Offices;
  /** Offices where the action's role is held. */
  own: readonly number[];
  /** The office that what is made here belongs to. */
  office: number;
  actor: Actor;
}>;

/**
 * The desk of a person for an action.
 * @returns null when none of their roles allows it
 */
export async function openDesk(person: Person, action: Action, address: string): Promise<Desk | null> {
  const { store } = hub();
  const rule = ruleOf(action);
  if (rule.for === 'anyone' || rule.for === 'token') return null;
  if (rule.for === 'signed-in') {
    const actor: Actor = { id: person.id, officeId: person.officeId, role: 'self', address };
    const own = [person.officeId];
    const db = scoped(store, NO_OFFICE);
    return { person, action, scope: NO_OFFICE, db, offices: [], own, office: person.officeId, actor };
  }
  const scope = await scopeOf(hub().identity, person.grants, action);
  if (!scope) return null;
  const { own } = rootsOf(person.grants, action);
  const office = own.includes(person.officeId) ? person.officeId : (own[0] as number);
  const grant = person.grants.find(({ role, officeId }) => officeId === office && reachOf(action, role));
  const actor: Actor = { id: person.id, officeId: office, role: grant?.role ?? 'self', address };
  return { person, action, scope, db: scoped(store, scope), offices: officesOf(scope), own, office, actor };
}

/** The desk of a page's load. @throws 403 when the person may not see the page */
export function reading(locals: App.Locals): Desk {
  return demand(locals, locals.desks.reading);
}

/** The desk of a form action or an endpoint; the gate has let nobody else through. */
export function acting(locals: App.Locals): Desk {
  return demand(locals, locals.desks.acting);
}

function demand(locals: App.Locals, desk: Desk | null): Desk {
  if (locals.fault !== undefined) throw locals.fault;
  if (!desk) error(403, messages.errors.forbidden);
  return desk;
}

/** What a person may read at this moment, for something that comes in their name without them. */
export type Reading = Readonly<{ db: Store; scope: Scope; offices: Offices }>;

/**
 * @param actions all of which the person has to be allowed; the first one's scope counts
 * @returns null when one of them is not
 */
async function readingAs(personId: string, actions: readonly [Action, ...Action[]]): Promise<Reading | null> {
  const { identity, store } = hub();
  const grants = await grantsOf(identity, personId);
  const [scope, ...others] = await Promise.all(actions.map((action) => scopeOf(identity, grants, action)));
  if (!scope || others.includes(null)) return null;
  return { db: scoped(store, scope), scope, offices: officesOf(scope) };
}

/** The saved search behind a feed's address, and what its person may read; null: there is none, or they may not. */
export async function openFeed(token: string): Promise<{ saved: SavedSearch; reading: Reading } | null> {
  const saved = await searchOfFeed(hubDb(), token);
  const reading = saved && (await readingAs(saved.personId, ['post-read', 'search-save']));
  return reading && { saved, reading };
}

/** What stands open for everybody, and no more. */
export function publicDb(): Store {
  return scoped(hub().store, NO_OFFICE);
}

/**
 * The hub as a whole, for the few things that ask for it: an objection is honoured wherever its address was collected, a
 * receipt shows what every office made of it, and the audit log is one chain. Nothing that is read through it is shown as
 * it is.
 */
export function hubDb(): Store {
  return scoped(hub().store, EVERY_OFFICE);
}

/** The records of one office, for what another program sends it after it has shown who it is. */
export function officeDb(officeId: number): Store {
  return scoped(hub().store, oneOffice(officeId));
}

/** The records of some offices, for what a person is told of all in which they work. */
export function officesDb(offices: readonly number[]): Store {
  return scoped(hub().store, { every: false, offices, shared: [] });
}

let keeper: KnowledgeKeeper | null = null;

/**
 * What the indexer's steps know, of the whole hub: watches of every office are compiled together, and each post is told only
 * those that count for its own. Loaded with the first drafts that come to this process; most never see any.
 */
export async function hubKnowledge(): Promise<Knowledge> {
  if (!keeper) {
    const { KnowledgeKeeper: Keeper } = await import('../../../indexer/knowledge-keeper.ts');
    keeper ??= new Keeper(hubDb(), hub().log);
  }
  return keeper.current();
}

/** What a system may work with that shows a token: one source, and the records of its office. */
export type Intake = Readonly<{ db: Store; use: TokenUse }>;

/** @returns null when the token is none, or was ended */
export async function openIntake(token: string): Promise<Intake | null> {
  const use = await useToken(hubDb(), token);
  return use && { db: officeDb(use.officeId), use };
}

/** Whether one of the person's roles allows an action in some office: for showing buttons, never for deciding. */
export function may(person: Person, action: Action): boolean {
  const rule = ruleOf(action);
  if (rule.for === 'token') return false;
  return typeof rule.for !== 'object' || rootsOf(person.grants, action).own.length > 0;
}

/** As `may`, in one office: what a person may do to a record of that office. */
export function mayIn(person: Person, action: Action, officeId: number): boolean {
  return rootsOf(person.grants, action).own.includes(officeId);
}

/** As `mayIn`, also where a role of an office above reaches down to the record's office. */
export async function reaches(person: Person, action: Action, officeId: number): Promise<boolean> {
  const { own, trees } = rootsOf(person.grants, action);
  if (own.includes(officeId) || trees.length === 0) return own.includes(officeId);
  const scope = await scopeOf(hub().identity, person.grants, action);
  return scope !== null && (scope.every || scope.offices.includes(officeId));
}

/** Whether a record that the desk can see is there only because another office has shared it. */
export function isShared({ scope }: Desk, officeId: number): boolean {
  return !scope.every && !scope.offices.includes(officeId);
}
