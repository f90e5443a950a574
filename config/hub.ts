import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { zhCN } from 'zod/locales';
import { isAdministrator, roles } from './access/roles.ts';
import { errorText, StartRefused } from './errors.ts';
import { frozen } from './frozen.ts';
import { messages } from './messages.ts';
import { officeLevels } from './office-levels.ts';
import { sentimentSchema } from './sentiment.ts';
import { mailSchema } from './mail.ts';
import { signInSchema } from './sign-in.ts';
import { sourceSchema } from './sources.ts';

// Messages that this room does not word itself come out in Chinese too.
z.config(zhCN());

/** As in the register of procuratorates. */
export const officeCode = z.string().regex(/^[0-9A-Za-z-]{2,32}$/);

/** Somebody who gets an account with a one-time password at the first start. */
const firstPerson = z.strictObject({
  email: z.email().toLowerCase(),
  name: z.string().trim().min(1).max(40).optional(),
});

/**
 * The whole of hub.yaml. Every key is described in `hub.example.yaml`; a test holds that none is missing there.
 * Durations carry their unit in the name.
 */
export const hubSchema = z.strictObject({
  office: z.strictObject({
    /** Code of the office in the register of procuratorates; identifies it for good. */
    code: officeCode,
    name: z.string().min(2).max(80),
    level: z.enum(officeLevels),
  }),
  /** Offices below, as far as they should be there from the start; the rest is imported or added at the desk. */
  offices: z
    .array(
      z.strictObject({
        code: officeCode,
        name: z.string().min(2).max(80),
        level: z.enum(officeLevels),
        /** Code of the office above; absent: the hub's own. */
        parent: officeCode.optional(),
      }),
    )
    .default([]),
  web: z
    .strictObject({
      /** Address under which people reach the desk and the public pages; sessions and feeds are bound to it. */
      address: z.url({ protocol: /^https?$/, error: messages.notHttp }).optional(),
      host: z.string().min(1).default('127.0.0.1'),
      port: z.number().int().min(1).max(65535).default(4700),
      siteName: z.string().min(1).max(80).optional(),
      /** 政府网站标识码 of the public site, where it has one: procuratorates need none. */
      siteIdCode: z
        .string()
        .regex(/^[0-9A-Za-z]{10}$/, messages.badSiteCode)
        .optional(),
    })
    .default({ host: '127.0.0.1', port: 4700 }),
  data: z.string().min(1).default('data/hub'),
  /** The three administrators of the first start; they exclude one another, so that these are three people. */
  administrators: z
    .strictObject({
      system: firstPerson.default({ email: 'system@jiansheng.local' }),
      security: firstPerson.default({ email: 'security@jiansheng.local' }),
      audit: firstPerson.default({ email: 'audit@jiansheng.local' }),
    })
    .default({
      system: { email: 'system@jiansheng.local' },
      security: { email: 'security@jiansheng.local' },
      audit: { email: 'audit@jiansheng.local' },
    }),
  /** Others who can sign in from the first start on; everybody else is invited at the desk. */
  people: z
    .array(
      firstPerson.extend({
        roles: z.array(z.enum(roles.filter((role) => !isAdministrator(role)))).min(1),
      }),
    )
    .default([]),
  crawler: z
    .strictObject({
      /** How a site's owner reaches the office: goes into the User-Agent of every request. */
      contact: z.string().min(5).max(200),
      requestTimeoutSeconds: z.number().min(1).max(120).default(20),
      maxPageMegabytes: z.number().min(0.1).max(50).default(8),
      /** Least time between two requests to one host. */
      paceSeconds: z.number().min(0).max(600).default(2),
      /** Sources visited at the same time by one process; most of that time is spent waiting for sites. */
      parallelVisits: z.number().int().min(1).max(128).default(32),
      /** A visit asks for no further page after this; the rest is left for the next one. */
      longestVisitMinutes: z.number().min(0.1).max(240).default(10),
      /** Hosts (name or name:port) that may be reached although their address is private. */
      allowPrivateHosts: z.array(z.string().min(1)).default([]),
      /** Hosts (name or name:port) whose owner agreed to a pace of their own, such as the office's own site. */
      hosts: z
        .array(
          z.strictObject({
            host: z.string().min(1).toLowerCase(),
            paceSeconds: z.number().min(0).max(600).default(0),
            /** Requests at a time, of all worker processes together. */
            parallel: z.number().int().min(1).max(16).default(1),
          }),
        )
        .default([]),
    })
    .optional(),
  publisher: z
    .strictObject({
      /** A delivery later than this is missed, not sent. */
      missedAfterMinutes: z.number().int().min(1).max(10_080).default(60),
      /** Hosts (name or name:port) of platforms that may be asked although their address is private. */
      allowPrivateHosts: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  notices: z
    .strictObject({
      /** How mail leaves the hub; absent: nobody gets any. Its password is the variable JIANSHENG_SMTP_PASSWORD. */
      mail: mailSchema.optional(),
      /** Hosts (name or name:port) of robots and other systems that may be told although their address is private. */
      allowPrivateHosts: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  retention: z
    .strictObject({
      /** Text, title and address of posts go this long after they were first seen; the hourly counters stay. */
      rawTextDays: z.number().int().min(7).max(3650).default(90),
      /** How a citizen who objected can be reached, after the decision. */
      contactDays: z.number().int().min(1).max(365).default(30),
      /** What became of an objection, after the decision. */
      objectionDays: z.number().int().min(180).max(3650).default(1095),
    })
    .default({ rawTextDays: 90, contactDays: 30, objectionDays: 1095 }),
  sentiment: sentimentSchema.prefault({}),
  signIn: signInSchema.prefault({}),
  sources: z.array(sourceSchema).default([]),
});

type HubFile = z.infer<typeof hubSchema>;
/** hub.yaml after checking: frozen, and complete but for what the start itself decides. */
export type HubConfig = Readonly<HubFile & { crawler: NonNullable<HubFile['crawler']>; sample: boolean }>;

/**
 * Reads and checks hub.yaml.
 * @throws StartRefused with one message that names every wrong key
 */
export function readHubFile(path: string): HubConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartRefused('config-unreadable', messages.cannotRead(path, errorText(cause)), { cause });
  }
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (cause) {
    throw new StartRefused('config-not-yaml', messages.notYaml(path, errorText(cause)), { cause });
  }
  return checkHub(value ?? {}, path, false);
}

/**
 * Checks a configuration that was read from anywhere.
 * @param where what the message calls it, e.g. the file's path
 * @throws StartRefused with one message that names every wrong key
 */
export function checkHub(value: unknown, where: string, sample: boolean): HubConfig {
  const result = hubSchema.safeParse(value);
  const problems = [...(result.error?.issues.flatMap(describe) ?? []), ...combinations(value)];
  if (!result.success || problems.length > 0) {
    throw new StartRefused('wrong-settings', messages.wrongSettings(where, problems));
  }
  // `combinations` has proved that the crawler's settings are there whenever something is crawled.
  const crawler = result.data.crawler ?? NO_CRAWLER;
  return frozen({ ...result.data, crawler, sample });
}

const NO_CRAWLER: HubConfig['crawler'] = {
  contact: '',
  requestTimeoutSeconds: 20,
  maxPageMegabytes: 8,
  paceSeconds: 2,
  parallelVisits: 32,
  longestVisitMinutes: 10,
  allowPrivateHosts: [],
  hosts: [],
};

/**
 * What is wrong although each key by itself is right. Looks at the file as it was read, so that these faults are named
 * together with those of single keys.
 */
function combinations(hub: unknown): string[] {
  const { sources, crawler } = (hub ?? {}) as { sources?: unknown; crawler?: unknown };
  const problems = [...sameEmails(hub), ...unknownOffices(hub)];
  if (!Array.isArray(sources)) return problems;
  const keys = new Set<string>();
  for (const source of sources as unknown[]) {
    const key = (source as { key?: unknown } | null)?.key;
    if (typeof key !== 'string') continue;
    if (keys.has(key)) problems.push(messages.duplicateKey(key));
    keys.add(key);
  }
  if (sources.length > 0 && crawler === undefined) problems.push(messages.needsContact);
  return problems;
}

/** Every office that is named stands in the file: one that is misspelt would be an office of its own. */
function unknownOffices(hub: unknown): string[] {
  type Named = { code?: unknown; parent?: unknown; office?: unknown } | null;
  const { office, offices, sources } = (hub ?? {}) as Record<'office' | 'offices' | 'sources', unknown>;
  const below = (Array.isArray(offices) ? offices : []) as Named[];
  // An office may stand below one that stands before it: so there are no circles.
  const known = new Set<unknown>([(office as Named)?.code]);
  const problems: string[] = [];
  for (const each of below) {
    if (known.has(each?.code)) problems.push(messages.duplicateOffice(String(each?.code)));
    if (each?.parent !== undefined && !known.has(each.parent)) {
      problems.push(messages.unknownOffice(String(each.parent)));
    }
    known.add(each?.code);
  }
  for (const source of (Array.isArray(sources) ? sources : []) as Named[]) {
    if (source?.office !== undefined && !known.has(source.office)) {
      problems.push(messages.unknownOffice(String(source.office)));
    }
  }
  return problems;
}

/** One person, one account: an administrator who appears twice would hold two roles that exclude one another. */
function sameEmails(hub: unknown): string[] {
  const { administrators, people } = (hub ?? {}) as { administrators?: unknown; people?: unknown };
  const named = [
    ...Object.values((administrators ?? {}) as Record<string, unknown>),
    ...(Array.isArray(people) ? (people as unknown[]) : []),
  ].flatMap((person) => {
    const email = (person as { email?: unknown } | null)?.email;
    return typeof email === 'string' ? [email.toLowerCase()] : [];
  });
  const twice = new Set(named.filter((email, at) => named.indexOf(email) !== at));
  return [...twice].map((email) => messages.duplicateEmail(email));
}

function describe(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => messages.unknownKey(path ? `${path}.${key}` : key));
  }
  return [`${path || messages.wholeFile}：${issue.message}`];
}
