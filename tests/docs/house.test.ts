import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { filesOf, importsOf, read, rooms, walk, withoutComments, type Room } from './tree.ts';

/** Room → the other rooms that it may import. `hub` and `web` are at the end of the line and may import all. */
const may: Record<Room, readonly Room[]> = {
  config: [],
  store: ['config'],
  crawler: ['config', 'store'],
  indexer: ['config', 'store'],
  publisher: ['config', 'store'],
  hub: rooms,
  web: rooms,
  sample: [],
};

/** The one part of the hub that runs the simulated platforms. */
const SAMPLE_ROLE = 'hub/roles/sample.ts';

/** What a file imports, our own files from the root; of those that are no file of ours, nothing further is known. */
function importsFrom(path: string): string[] {
  if (!path.endsWith('.ts')) return [];
  return importsOf(path).map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name));
}

const code = filesOf(rooms, ['.ts', '.svelte']);
const all = filesOf([...rooms, 'tests', 'bench'], ['.ts', '.svelte']);

/**
 * Where Chinese words are data: what is looked for in pages and texts, negators among it, what redaction puts in their
 * place, how dates are written, and the office of the sample.
 */
const chineseData = [
  /(^|\/)messages\.ts$/u,
  /^web\/lib\/messages\//u,
  /^config\/defaults\//u,
  /^crawler\/extract\//u,
  /^crawler\/fetch\/(?:encoding|mojibake)\.ts$/u,
  /^indexer\/cleaning\//u,
  /^indexer\/steps\/(?:redact|sentiment)\.ts$/u,
  /^indexer\/(?:people|redaction)\//u,
  /^publisher\/releases\/checks\/(?:ai-label|chinese-number|laws|minors|offices|pending-case|people-roles|personal-data|type-rules)\.ts$/u,
  /^sample\//u,
  /^hub\/sample-config\.ts$/u,
];

/** The offending files (with what offends, where one file can offend in several ways). */
function offenders(files: readonly string[], isWrong: (path: string) => boolean): string[] {
  return files.filter(isWrong);
}

test('there is something to look at', () => {
  expect(code.length).toBeGreaterThan(100);
  expect(code.filter((path) => path.endsWith('.svelte')).length).toBeGreaterThan(10);
});

test('imports go one way between the rooms', () => {
  const wrong = code.flatMap((path) => {
    const room = path.split('/')[0] as Room;
    return importsOf(path).flatMap((specifier) => {
      if (!specifier.startsWith('.')) return [];
      const file = normalize(join(dirname(path), specifier));
      const target = file.split('/')[0] as Room;
      if (path === SAMPLE_ROLE && file.startsWith('tests/simulators/')) return [];
      return target === room || may[room].includes(target) ? [] : [`${path}: ${specifier}`];
    });
  });
  expect(wrong).toEqual([]);
});

test('the simulated platforms, which the sample runs too, need nothing that only tests have', () => {
  const reached = new Set(importsFrom(SAMPLE_ROLE).filter((file) => file.startsWith('tests/')));
  for (const file of reached) {
    for (const other of importsFrom(file)) reached.add(other);
  }
  expect(reached.size).toBeGreaterThan(20);
  const outside = [...reached].filter(
    (file) => !/^(?:node:|config\/|tests\/simulators\/|tests\/support\/chance\.ts$)/u.test(file),
  );
  expect(outside).toEqual([]);
});

test('imports of our own files end in .ts, .svelte, .json or .css', () => {
  const wrong = all.flatMap((path) =>
    importsOf(path)
      .filter(
        (specifier) => specifier.startsWith('.') && !/\.(?:ts|svelte|json|css)$|\/\$types$/u.test(specifier),
      )
      .map((specifier) => `${path}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('only config/env.ts reads the environment', () => {
  const reads = /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b|\$env\//u;
  expect(offenders(all, (path) => reads.test(withoutComments(path)))).toEqual(['config/env.ts']);
});

test('nothing is typed any', () => {
  const wrong = offenders(all, (path) => {
    let found = false;
    walk(path, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) found = true;
    });
    return found;
  });
  expect(wrong).toEqual([]);
});

test('no check of the compiler is switched off', () => {
  expect(offenders(all, (path) => /@ts-(?:ignore|nocheck)\b/u.test(read(path)))).toEqual([]);
});

test('nothing is left for later in a comment', () => {
  expect(offenders(all, (path) => /\b(?:TO{1}DO|FIX{1}ME|X{3}|HA{1}CK)\b/u.test(read(path)))).toEqual([]);
});

test('no test is skipped, singled out or postponed', () => {
  const set =
    /\b(?:test|it|describe|suite)\s*\.\s*(?:skip|only|todo|fails|skipIf|runIf)\b|\bx(?:it|describe)\(/u;
  expect(offenders(filesOf(['tests'], ['.ts']), (path) => set.test(withoutComments(path)))).toEqual([]);
});

test('words for people stand in the messages of their room', () => {
  const wrong = offenders(
    code,
    (path) => !chineseData.some((place) => place.test(path)) && /\p{Script=Han}/u.test(withoutComments(path)),
  );
  expect(wrong).toEqual([]);
});

test('a file of more than 400 lines gives its reason on line one', () => {
  const files = filesOf([...rooms, 'tests', 'bench'], ['.ts', '.svelte', '.mjs', '.css', '.sql']);
  const wrong = offenders(files, (path) => {
    const lines = read(path).split('\n');
    return lines.length > 401 && !/^(?:\/\/|\/\*|<!--|--).{20,}/u.test(lines[0] ?? '');
  });
  expect(wrong).toEqual([]);
});

test('files are named in kebab-case, components in PascalCase', () => {
  const wrong = offenders(all, (path) => {
    const name = path.split('/').at(-1) ?? '';
    return name.endsWith('.svelte')
      ? !/^(?:[A-Z][A-Za-z]*|\+[a-z]+(?:@[\w()]*)?)\.svelte$/u.test(name)
      : !/^\+?[a-z0-9]+(?:[.-][a-z0-9]+)*\.ts$/u.test(name);
  });
  expect(wrong).toEqual([]);
});

test('the scope of a connection is made in one place', () => {
  const set =
    /set_config|\bset\s+(?:local\s+|session\s+)?(?:jiansheng\.|role\b|row_security)|reset\s+(?:role|all)\b/iu;
  expect(offenders(code, (path) => set.test(withoutComments(path)))).toEqual(['store/scope.ts']);
});

test('pages reach the database through a desk, and what people sign in with only where they are signed in', () => {
  const web = code.filter((path) => path.startsWith('web/'));
  const unscoped = /\bopenStore\b|\bEVERY_OFFICE\b|\bscoped\(|\.store\b/u;
  const gate = ['web/lib/server/desk.ts', 'web/lib/server/hub.ts'];
  expect(offenders(web, (path) => unscoped.test(withoutComments(path))).sort()).toEqual(gate);
  const signingIn = /^web\/lib\/server\/(?:identity\/|hub\.ts|desk\.ts|session\.ts|sign-in\.ts|auth\.ts)/u;
  const identity = /\.identity\b|[{,]\s*identity\b/u;
  const wrong = offenders(web, (path) => !signingIn.test(path) && identity.test(withoutComments(path)));
  expect(wrong).toEqual([]);
  // What a citizen asks of the hub as a whole, a platform that names the account it pushes for, and the verification of the audit log, which answers in numbers.
  const whole = offenders(web, (path) => /\bhubDb\(/u.test(withoutComments(path)));
  const citizens =
    /^web\/(?:routes\/\(public\)\/|lib\/server\/(?:desk|objection|audit-log|wechat-callback)\.ts)/u;
  expect(whole.filter((path) => !citizens.test(path))).toEqual([]);
});
