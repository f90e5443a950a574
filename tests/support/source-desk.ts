import type { Role } from '../../config/access/roles.ts';
import { checklistOf } from '../../config/sources/approval.ts';
import type { Line } from '../../web/lib/recognising.ts';
import { startTestEngines, type TestEngines } from './engines.ts';
import { makeOffice } from './offices.ts';
import { rss, startSite, type TestSite } from './site.ts';
import {
  makePerson,
  sendForm,
  signIn,
  startTestWeb,
  type Answer,
  type Fields,
  type Session,
  type TestWeb,
} from './web.ts';

type Place = 'province' | 'city' | 'county';

/** The pages on which sources are kept, with people of three offices and a site that has feeds. */
export type SourceDesk = {
  engines: TestEngines;
  web: TestWeb;
  /** Every path of it that ends in `.xml` is a feed of twelve items. */
  site: TestSite;
  offices: Record<Place, number>;
  /** Of the city; `boss` leads the province above it. */
  officer: Session;
  analyst: Session;
  leader: Session;
  boss: Session;
  enter(name: string, place: Place, role: Role): Promise<Session>;
  /** A form as the page sends it. */
  send(session: Session, path: string, fields: Fields): Promise<Answer>;
  /** Has an address looked at. @returns the lines that come back */
  look(session: Session, fields: Fields, path?: string): Promise<Line[]>;
  /** A feed nobody has yet, as the form states it. */
  feed(change?: Fields): Fields;
  rowOf(id: number): Promise<Record<string, unknown>>;
  /** Whether the clock may ask for a visit now; of several on one host it asks for some at a time. */
  isDue(id: number): Promise<boolean>;
  /** What the audit log says was done to a source, in order. */
  actsOn(id: number): Promise<string[]>;
  stop(): Promise<void>;
};

export const approval = {
  checked: checklistOf('feed'),
  legalBasis: '履行检察职责所必需',
  impactNote: '每小时一次请求',
  approvedBy: '办公室 主任',
};

/** The source that an answer leads to. */
export const idOf = ({ location }: Pick<Answer, 'location'>) => Number(/\d+/.exec(location ?? '')?.[0] ?? 0);

export async function startSourceDesk(): Promise<SourceDesk> {
  const engines = await startTestEngines();
  const { store } = engines;
  const web = await startTestWeb(engines);
  const site = await startSite((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (!path.endsWith('.xml')) return void response.writeHead(404).end();
    const text = (n: number) =>
      `第${n}条评论：检察院办案认真，请拨打 13912345678 联系我，谈第${n}件案件的进展。`;
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(site.url, 12, text));
  });
  const province = await makeOffice(store, 'province', 'provincial');
  const city = await makeOffice(store, 'city', 'municipal', province);
  const offices = { province, city, county: await makeOffice(store, 'county', 'county', city) };
  const enter = async (name: string, place: Place, role: Role) =>
    signIn(store, web.address, await makePerson(store, name, offices[place], role));

  const send = (session: Session, path: string, fields: Fields) =>
    sendForm(web.address, session, path, fields);

  async function rowOf(id: number): Promise<Record<string, unknown>> {
    const found = await store.query('select * from sources where id = $1', [id]);
    return found.rows[0] as Record<string, unknown>;
  }

  let made = 0;
  return {
    ...{ engines, web, site, offices, enter, send, rowOf },
    officer: await enter('officer', 'city', 'press-officer'),
    analyst: await enter('analyst', 'city', 'analyst'),
    leader: await enter('leader', 'city', 'leader'),
    boss: await enter('boss', 'province', 'leader'),
    async look(session, fields, path = '/sources/new/look') {
      const { text } = await send(session, path, { ...fields, nothing: '' });
      return text
        .split('\n')
        .filter((line) => line.startsWith('{"say"'))
        .map((line) => JSON.parse(line) as Line);
    },
    feed(change = {}) {
      made += 1;
      const url = `${site.url}/${made}.xml`;
      return { kind: 'feed', name: `订阅${made}`, url, 'settings.fullText': 'never', ...change };
    },
    async isDue(id) {
      const { enabled, stopped_at, next_visit_at } = await rowOf(id);
      return enabled === true && stopped_at === null && (next_visit_at as Date) <= new Date();
    },
    async actsOn(id) {
      const found = await store.query<{ action: string }>(
        'select action from audit_entries where subject = $1 order by seq',
        [`source:${id}`],
      );
      return found.rows.map(({ action }) => action);
    },
    async stop() {
      await site.close();
      await web.stop();
      await engines.stop();
    },
  };
}
