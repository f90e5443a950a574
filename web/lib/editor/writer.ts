import { Editor, type NodeViewRenderer } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { mount, unmount } from 'svelte';
import { mayLead, type ReleaseDocument } from '../../../config/release-document.ts';
import { cleanHtml, type Left } from './clean.ts';
import { toEditor } from './document.ts';
import MediaBlock from './MediaBlock.svelte';
import { BlockState } from './media-block.svelte.ts';
import { schemaExtensions } from './schema.ts';
import type { Uploads } from './upload.svelte.ts';

/** What the editor tells the page around it. */
export type WriterEvents = {
  changed(): void;
  /** The caret moved, or what stands there is another thing now. */
  moved(): void;
  /** Something of a paste could not come along. */
  left(left: Left): void;
  /** Files were pasted or dropped; they belong at `place`. */
  files(files: File[], place: number): void;
  /** Ctrl+K. */
  link(): void;
};

/** The editor itself, in the browser. */
export function createWriter(
  element: HTMLElement,
  document: ReleaseDocument,
  uploads: Uploads,
  label: string,
  on: WriterEvents,
): Editor {
  const extensions = schemaExtensions().map((extension) =>
    MEDIA.has(extension.name) ? extension.extend({ addNodeView: () => mediaView(uploads) }) : extension,
  );
  return new Editor({
    element,
    extensions,
    content: toEditor(document),
    injectCSS: false,
    editorProps: {
      attributes: { class: 'writer', 'aria-label': label, 'aria-multiline': 'true', role: 'textbox' },
      transformPastedHTML(html) {
        const cleaned = cleanHtml(html);
        if (Object.values(cleaned.left).some((count) => count > 0)) on.left(cleaned.left);
        return cleaned.html;
      },
      handlePaste(view, event) {
        const { clipboardData: data } = event;
        if (!data) return false;
        const files = [...data.files];
        // Word puts a picture of the text beside the text: that one is not meant.
        if (files.length > 0 && !hasWords(data.getData('text/html')) && data.getData('text/plain') === '') {
          on.files(files, view.state.selection.from);
          return true;
        }
        return linkSelection(view, data.getData('text/plain').trim());
      },
      handleDrop(view, event, _slice, moved) {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (moved || files.length === 0) return false;
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
        on.files(files, place ?? view.state.selection.from);
        return true;
      },
      handleKeyDown(_view, event) {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return false;
        event.preventDefault();
        on.link();
        return true;
      },
    },
    onUpdate: () => on.changed(),
    onTransaction: () => on.moved(),
  });
}

const MEDIA = new Set(['image', 'video', 'audio']);

function hasWords(html: string): boolean {
  return (new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '').trim() !== '';
}

type View = Editor['view'];

/** An address that is pasted over chosen words makes a link of them. */
function linkSelection(view: View, address: string): boolean {
  const { selection, schema, tr } = view.state;
  if (selection.empty || !/^https?:\/\/\S+$/.test(address) || !mayLead(address)) return false;
  const link = schema.marks['link'];
  if (!link) return false;
  view.dispatch(tr.addMark(selection.from, selection.to, link.create({ href: address })));
  return true;
}

/** A picture, video or audio in the text, with the fields for its words below it. */
function mediaView(uploads: Uploads): NodeViewRenderer {
  return ({ node, editor, getPos }) => {
    const dom = document.createElement('figure');
    dom.className = 'writer-medium';
    const state = new BlockState(node, uploads);
    const component = mount(MediaBlock, {
      target: dom,
      props: {
        state,
        change(attributes: Record<string, unknown>) {
          const place = getPos();
          if (place === undefined) return;
          const { tr } = editor.state;
          for (const [name, value] of Object.entries(attributes)) tr.setNodeAttribute(place, name, value);
          editor.view.dispatch(tr);
        },
        remove() {
          const place = getPos();
          if (place === undefined) return;
          editor.view.dispatch(editor.state.tr.delete(place, place + 1));
          editor.commands.focus();
        },
      },
    });
    return {
      dom,
      update(other: Node) {
        if (other.type !== node.type) return false;
        state.attributes = other.attrs;
        return true;
      },
      selectNode: () => dom.classList.add('chosen'),
      deselectNode: () => dom.classList.remove('chosen'),
      // Its fields are the component's own matter; what is grabbed beside them moves the block.
      stopEvent: ({ target }) =>
        target instanceof Element && target.closest('input, textarea, button, video, audio') !== null,
      ignoreMutation: () => true,
      destroy: () => void unmount(component),
    };
  };
}
