import type { FileFinding } from './audit-file.ts';
import type { Finding } from './audit-verify.ts';
import { messages } from './messages.ts';

/** A finding in words, for the terminal and the audit page. */
export function tellFinding(finding: Finding): string {
  const words = messages.finding;
  switch (finding.kind) {
    case 'removed':
      return words.removed(finding.from, finding.to);
    case 'moved':
      return words.moved(finding.seq, finding.was);
    case 'no-key':
      return words.noKey(finding.seq, finding.key);
    case 'head':
      return finding.seq === null ? words.head : words.headThen(finding.seq);
    case 'empty':
      return words.empty;
    case 'changed':
    case 'forged':
    case 'unlinked':
      return words[finding.kind](finding.seq);
  }
}

export function tellFileFinding(finding: FileFinding): string {
  const words = messages.fileFinding;
  switch (finding.kind) {
    case 'not-read':
      return words.notRead(finding.line);
    case 'no-manifest':
      return words.noManifest;
    case 'changed':
    case 'unlinked':
      return words[finding.kind](finding.line);
    case 'not-in-log':
      return words.notInLog(finding.line, finding.seq);
    case 'signature':
    case 'content':
      return words[finding.kind];
  }
}
