import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { readCsv, type CsvLimits } from './csv.ts';
import { messages } from './messages.ts';
import { holdOpen, refusing } from './office-changes.ts';
import type { WrongLine } from './office-import-read.ts';
import {
  creation,
  insertPerson,
  personProblem,
  tidyPerson,
  withOwnEmail,
  type PersonDetails,
} from './person-changes.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

const words = messages.people;

/** An office's whole staff; each gets a link of their own, which takes its time. */
export const PEOPLE_LIMITS: CsvLimits = { rows: 1_000, bytes: 2 ** 20 };

export type NewPerson = PersonDetails & { line: number; office: string };
export type PeoplePlan = { people: (NewPerson & { officeId: number })[]; wrong: WrongLine[] };

/**
 * What a list of people would make, line by line.
 * @throws Refused as `readCsv`
 */
export async function planPeople(db: Queryable, offices: Offices, bytes: Uint8Array): Promise<PeoplePlan> {
  const file = readCsv(bytes, words.columns, PEOPLE_LIMITS);
  const rows = file.rows.map(({ line, cells }) => {
    return { line, office: cells.office.trim(), ...tidyPerson(cells) };
  });
  const [known, taken] = await Promise.all([
    db.query<{ id: number; code: string; closed: boolean }>(
      `select id, code, closed_at is not null as closed from offices
       where code = any ($1) and ($2::int[] is null or id = any ($2))`,
      [rows.map(({ office }) => office), offices],
    ),
    db.query<{ email: string }>('select email from people where email = any ($1)', [
      rows.map(({ email }) => email),
    ]),
  ]);
  const officesByCode = new Map(known.rows.map((office) => [office.code, office]));
  const emails = new Set(taken.rows.map(({ email }) => email));
  const lines = new Map<string, number>();
  const plan: PeoplePlan = {
    people: [],
    wrong: file.uneven.map(({ line, cells }) => {
      return { line, code: '', reason: messages.offices.wrong.uneven(cells, file.width) };
    }),
  };
  for (const row of rows) {
    const office = officesByCode.get(row.office);
    const earlier = lines.get(row.email);
    lines.set(row.email, earlier ?? row.line);
    const reason =
      personProblem(row) ??
      (earlier === undefined ? null : words.wrong.duplicate(earlier)) ??
      (emails.has(row.email) ? words.wrong.taken : null) ??
      (office?.closed ? words.wrong.closedOffice : null);
    if (reason !== null) plan.wrong.push({ line: row.line, code: row.email.slice(0, 60), reason });
    else if (!office) {
      const why = words.wrong.noOffice(row.office.slice(0, 32));
      plan.wrong.push({ line: row.line, code: row.email.slice(0, 60), reason: why });
    } else plan.people.push({ ...row, officeId: office.id });
  }
  plan.wrong.sort((a, b) => a.line - b.line);
  return plan;
}

export type MadePerson = PersonDetails & { id: string; office: string; officeId: number };

/**
 * Makes the accounts of a list, all or none.
 * @throws Refused `import-wrong`, `import-empty`, `email-taken` (by somebody out of reach), or about an office as `holdOpen`
 */
export async function importPeople(
  store: Store,
  actor: Actor,
  offices: Offices,
  bytes: Uint8Array,
): Promise<MadePerson[]> {
  const { people, wrong } = await planPeople(store, offices, bytes);
  if (wrong.length > 0) throw new Refused('import-wrong', messages.offices.stillWrong);
  if (people.length === 0) throw new Refused('import-empty', messages.offices.nothingToImport);
  return refusing(() =>
    transaction(store, async (client) => {
      for (const officeId of new Set(people.map((person) => person.officeId)))
        await holdOpen(client, officeId);
      const made: MadePerson[] = [];
      for (const { officeId, office, name, email } of people) {
        // Somebody out of reach may have the address: the database alone knows, and tells no more than that.
        const id = await withOwnEmail(
          () => insertPerson(client, officeId, { name, email }),
          words.emailTakenBy(email),
        );
        made.push({ id, name, email, office, officeId });
      }
      for (const each of made) await appendAudit(client, creation(actor, each.id, each.officeId, each));
      return made;
    }),
  );
}
