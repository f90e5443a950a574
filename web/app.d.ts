import type { Desk, Intake } from './lib/server/desk.ts';
import type { Person } from './lib/server/session.ts';

declare global {
  namespace App {
    interface Locals {
      /** Who is signed in; null on public pages, where nobody is looked for. */
      person: Person | null;
      /** What the request may work with: its page's load, and the form action or endpoint that it is. */
      desks: { reading: Desk | null; acting: Desk | null };
      /** What a system works with that has shown a token. */
      intake: Intake | null;
      /** Why nobody could be looked for: the database did not answer. */
      fault: unknown;
    }
    interface Error {
      status: number;
      message: string;
      /** Found again in the log of the web process. */
      id?: string;
    }
  }
}

export {};
