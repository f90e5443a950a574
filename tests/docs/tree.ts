import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '..', '..');

/** The rooms of the hub, in the order in which they may import one another; `sample`, `tests` and `bench` stand beside. */
export const rooms = ['config', 'store', 'crawler', 'indexer', 'publisher', 'hub', 'web', 'sample'] as const;

export type Room = (typeof rooms)[number];

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(join(root, path));
}

/** Paths below these folders that end in one of these, from the root, in order. */
export function filesOf(folders: readonly string[], endings: readonly string[]): string[] {
  return globSync(
    folders.flatMap((folder) => endings.map((ending) => `${folder}/**/*${ending}`)),
    { cwd: root },
  ).sort();
}

/** The TypeScript of a file: the whole of a `.ts`, the scripts and nothing else of a `.svelte`. */
function scriptOf(path: string): string {
  const text = read(path);
  if (!path.endsWith('.svelte')) return text;
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/gu)].map((found) => found[1]).join('\n');
}

/** Visits every node of a file's TypeScript. */
export function walk(path: string, visit: (node: ts.Node) => void): void {
  const source = ts.createSourceFile(path, scriptOf(path), ts.ScriptTarget.Latest, true);
  const down = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, down);
  };
  down(source);
}

/** What a file imports, as it is written: static, dynamic and re-exported. */
export function importsOf(path: string): string[] {
  const found: string[] = [];
  walk(path, (node) => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (named && ts.isStringLiteral(named)) found.push(named.text);
  });
  return found;
}

/** A file without its comments, in which words of the trade are quoted as they are. */
export function withoutComments(path: string): string {
  return read(path)
    .replace(/<!--[\s\S]*?-->/gu, '')
    .replace(/\/\*[\s\S]*?\*\//gu, '')
    .replace(/(^|\s)\/\/.*$/gmu, '$1');
}

/** Every code with which an error of one of these classes is thrown in these rooms, each once. */
export function errorCodes(classes: readonly string[], inRooms: readonly Room[]): string[] {
  const codes = new Set<string>();
  for (const path of filesOf(inRooms, ['.ts'])) {
    walk(path, (node) => {
      if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression)) return;
      if (!classes.includes(node.expression.text)) return;
      const code = node.arguments?.[0];
      if (code && ts.isStringLiteral(code)) codes.add(code.text);
    });
  }
  return [...codes].sort();
}

/** The variables that config/env.ts declares. */
export function environmentNames(): string[] {
  return [...read('config/env.ts').matchAll(/^ {2}([A-Z][A-Z_]+): z\./gmu)].map((found) => String(found[1]));
}
