import { openCipher } from '../../config/cipher.ts';
import type { Role } from '../../config/access/roles.ts';
import { signInSchema, type SignInSettings } from '../../config/sign-in.ts';
import { openAuditLog } from '../../store/audit.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from './engines.ts';
import { Visitor } from './visitor.ts';
import { makePerson, PASSWORD, startTestWeb } from './web.ts';

/** The web part behind a known proxy, so that a visitor's address is the test's to choose. */
export type Gate = {
  engines: TestEngines;
  address: string;
  identityUrl: string;
  settings: SignInSettings;
  somebody(role?: Role | null, officeId?: number): Promise<{ id: string; email: string }>;
  /** Somebody who has signed in; that a second factor was given is written into the session. */
  signedIn(
    person: { id: string; email: string },
    from?: { device?: string; place?: string },
  ): Promise<Visitor>;
  /** What the audit log has about a person, the oldest first. */
  actionsOf(person: { id: string }): Promise<string[]>;
  stop(): Promise<void>;
};

export async function startGate(): Promise<Gate> {
  const engines = await startTestEngines();
  openAuditLog(openCipher([TEST_KEY]));
  const { store } = engines;
  const settings = signInSchema.parse({
    trustedProxies: ['127.0.0.1'],
    administratorAddresses: ['10.0.0.0/8'],
  });
  const web = await startTestWeb({ ...engines, runtime: () => engines.runtime({ signIn: settings }) });
  let made = 0;
  return {
    engines,
    address: web.address,
    identityUrl: web.runtime.identityUrl,
    settings,
    somebody(role = 'press-officer', officeId = engines.officeId) {
      made += 1;
      return makePerson(store, `somebody-${made}`, officeId, role);
    },
    async signedIn({ id, email }, from = {}) {
      const visitor = new Visitor(web.address, from);
      const answer = await visitor.signIn(email, PASSWORD);
      if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
      await store.query(`update sessions set factor = 'oidc' where person_id = $1`, [id]);
      return visitor;
    },
    async actionsOf({ id }) {
      const found = await store.query<{ action: string }>(
        'select action from audit_entries where subject = $1 order by seq',
        [`person:${id}`],
      );
      return found.rows.map(({ action }) => action);
    },
    async stop() {
      await web.stop();
      await engines.stop();
    },
  };
}

/** Where who is not signed in is sent. */
export function toSignIn(path: string, ended?: string): string {
  return `/sign-in?to=${encodeURIComponent(path)}${ended ? `&ended=${ended}` : ''}`;
}
