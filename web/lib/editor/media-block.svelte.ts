import type { Node } from '@tiptap/pm/model';
import type { Uploads } from './upload.svelte.ts';

/** What a block in the text shows: kept apart from the editor's own nodes, which the page does not watch. */
export class BlockState {
  attributes = $state.raw<Readonly<Record<string, unknown>>>({});
  readonly kind: string;
  readonly uploads: Uploads;

  constructor(node: Node, uploads: Uploads) {
    this.kind = node.type.name;
    this.attributes = node.attrs;
    this.uploads = uploads;
  }

  text(name: string): string {
    const value = this.attributes[name];
    return typeof value === 'string' ? value : '';
  }

  id(name: string): number | null {
    const value = this.attributes[name];
    return typeof value === 'number' ? value : null;
  }
}
