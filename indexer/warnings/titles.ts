import { isLine, lineNames } from '../../config/class-names.ts';
import { messages } from '../messages.ts';
import type { Subject } from './observed.ts';

/** What a subject is called where it is warned about. @param facts with the name of a concern or watch */
export function titleOf({ kind, key }: Subject, facts: { title: string } | undefined): string {
  if (kind === 'line') return isLine(key) ? lineNames[key] : key;
  if (kind === 'office') return messages.warnings.office;
  return facts?.title || messages.warnings.untitled;
}

/** `concern:12`, `line:criminal`. */
export function nameOf({ kind, key }: Subject): string {
  return `${kind}:${key}`;
}

export function subjectOf(name: string): Subject {
  const at = name.indexOf(':');
  return { kind: name.slice(0, at) as Subject['kind'], key: name.slice(at + 1) };
}
