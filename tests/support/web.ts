import { hashPassword } from 'better-auth/crypto';
import type { HubConfig } from '../../config/hub.ts';
import type { Runtime } from '../../config/runtime.ts';
import type { Role } from '../../config/access/roles.ts';
import { freePort } from '../../hub/engines/processes.ts';
import { Supervisor } from '../../hub/supervise.ts';
import type { Queryable } from '../../store/pool.ts';
import type { TestEngines } from './engines.ts';

/** The web part as the hub runs it, in a process of its own, on the built app. */
export type TestWeb = { address: string; runtime: Runtime; stop(): Promise<void> };

/** @param hub settings that differ from those of every test */
export async function startTestWeb(engines: TestEngines, hub: Partial<HubConfig> = {}): Promise<TestWeb> {
  const port = await freePort();
  const base = engines.runtime(hub);
  const address = `http://localhost:${port}`;
  const web = { ...base.hub.web, host: '127.0.0.1', port };
  const runtime: Runtime = { ...base, address, hub: { ...base.hub, web } };
  const supervisor = new Supervisor(runtime, () => {});
  if (!(await supervisor.start('web'))) throw new Error('the web part did not start: is the app built?');
  return { address, runtime, stop: () => supervisor.stop() };
}

export const PASSWORD = '云州-Test-4711';
let hash: Promise<string> | null = null;

/** Makes a person with a password of their own and, where one is given, a role held in their office. */
export async function makePerson(
  owner: Queryable,
  name: string,
  officeId: number,
  role: Role | null = null,
): Promise<{ id: string; email: string }> {
  const email = `${name}@example.com`;
  await owner.query(`insert into people (id, office_id, name, email) values ($1, $2, $1, $3)`, [
    name,
    officeId,
    email,
  ]);
  await owner.query(
    `insert into credentials (id, person_id, account_id, provider_id, password) values ($1, $1, $1, 'credential', $2)`,
    [name, await (hash ??= hashPassword(PASSWORD))],
  );
  if (role) {
    await owner.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, $3, 'holder', 'test')`,
      [officeId, name, role],
    );
  }
  return { id: name, email };
}

export type Session = {
  cookie: string;
  /** Makes the session good again after a request has ended it. */
  renew(): Promise<void>;
};

/** Signs in with the password; that a second factor was given is written straight into the session. */
export async function signIn(
  owner: Queryable,
  address: string,
  person: { id: string; email: string },
): Promise<Session> {
  const answer = await fetch(`${address}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: address },
    body: new URLSearchParams({ email: person.email, password: PASSWORD }),
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  if (!cookie.includes('session_token'))
    throw new Error(`${person.email} could not sign in: ${answer.status}`);
  const kept = await owner.query<{ row: unknown }>(
    `update sessions s set factor = 'oidc', factor_at = now() where person_id = $1 returning to_json(s) as row`,
    [person.id],
  );
  return {
    cookie,
    async renew() {
      await owner.query('delete from sessions where person_id = $1', [person.id]);
      await owner.query('insert into sessions select * from json_populate_recordset(null::sessions, $1)', [
        JSON.stringify(kept.rows.map(({ row }) => row)),
      ]);
    },
  };
}

/** What came of a request, whether it came as a page, as JSON or as a redirection within JSON. */
export type Answer = { status: number; location: string | null; text: string };

/** What a form holds: texts, several of one name, files. */
export type Fields = Record<string, string | readonly string[] | Blob>;

/** Sends a form as a page with files sends it. */
export function sendForm(address: string, session: Session, path: string, fields: Fields): Promise<Answer> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) body.set(name, value);
    else for (const each of typeof value === 'string' ? [value] : value) body.append(name, each);
  }
  return ask(address, 'POST', path, session.cookie, body);
}

/** One request as a browser makes it. Event streams are left as soon as they have begun. */
export async function ask(
  address: string,
  method: string,
  path: string,
  cookie: string | null,
  fields: Record<string, string> | FormData = { nothing: 'of use' },
  token: string | null = null,
): Promise<Answer> {
  const leave = new AbortController();
  const answer = await fetch(address + path, {
    method,
    redirect: 'manual',
    signal: leave.signal,
    headers: {
      origin: address,
      // A form action then answers without drawing its page again.
      ...(method !== 'GET' && { accept: 'application/json', 'x-sveltekit-action': 'true' }),
      ...(cookie !== null && { cookie }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(method !== 'GET' && { body: fields instanceof FormData ? fields : new URLSearchParams(fields) }),
  });
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    leave.abort();
    return { status: answer.status, location: null, text: '' };
  }
  const text = await answer.text();
  const inner = answer.headers.get('content-type')?.includes('json') ? readInner(text) : null;
  return {
    status: inner?.status ?? answer.status,
    location: inner?.location ?? answer.headers.get('location'),
    text,
  };
}

function readInner(text: string): { status?: number; location?: string } | null {
  try {
    const read = JSON.parse(text) as { type?: string; status?: number; location?: string } | null;
    if (read?.type === 'redirect') return read;
    // A failure names its own page: nobody is sent anywhere.
    return read?.status === undefined ? null : { status: read.status };
  } catch {
    return null;
  }
}
